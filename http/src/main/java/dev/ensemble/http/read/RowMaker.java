package dev.ensemble.http.read;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ensemble.core.resource.ResourceType;
import java.time.Instant;

/** Fills the row of a Table with one object's cells, in the order of the type's columns. */
@FunctionalInterface
public interface RowMaker {
  /** Sets {@code cells} and, where upstream does, {@code conditions}. */
  void fill(ResourceType type, ObjectNode object, Instant now, ObjectNode row);

  /** The row with a name and a time of creation, which every kind has. */
  static void nameAndAge(ObjectNode object, ObjectNode row) {
    ArrayNode cells = row.putArray("cells");
    cells.add(object.path("metadata").path("name").asText());
    cells.add(object.path("metadata").path("creationTimestamp").asText());
  }
}
