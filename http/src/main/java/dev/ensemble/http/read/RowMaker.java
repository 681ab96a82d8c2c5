package dev.ensemble.http.read;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ensemble.core.resource.ResourceType;
import java.time.Instant;
import java.util.List;

/** Prints objects into the rows of a Table. */
public interface RowMaker {
  List<ResourceType.Column> columns(ResourceType stored);

  /** One cell for each column; the object is in the stored version. */
  ArrayNode cells(ResourceType stored, ObjectNode object, Instant now);
}
