package dev.ensemble.core.table;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ensemble.core.resource.ResourceType;
import java.time.Instant;
import java.util.List;

/**
 * Prints one kind. Also the seam for custom resources, whose columns their definition names: an
 * implementation that evaluates those needs nothing else from this package.
 */
public interface Printer {

  List<ResourceType.Column> columns();

  /** Appends exactly one cell for each column. Never fails, whatever is missing in the object. */
  void print(ObjectNode object, Instant now, ArrayNode cells);
}
