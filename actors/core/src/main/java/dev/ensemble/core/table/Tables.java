package dev.ensemble.core.table;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ensemble.core.object.Fields;
import dev.ensemble.core.object.ResourceName;
import dev.ensemble.core.resource.ResourceType.Column;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Puts objects into Tables ({@code meta.k8s.io/v1}). */
public final class Tables {
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
  private static final String API_VERSION = "meta.k8s.io/v1";

  private Tables() {}

  /** What a row carries of its object, as the request's {@code includeObject} asks. */
  public enum IncludeObject {
    NONE,
    METADATA,
    OBJECT;

    /** Reads the query parameter; without one it is the metadata. */
    public static Optional<IncludeObject> parse(String parameter) {
      return switch (parameter) {
        case "None" -> Optional.of(NONE);
        case "", "Metadata" -> Optional.of(METADATA);
        case "Object" -> Optional.of(OBJECT);
        default -> Optional.empty();
      };
    }
  }

  /** One printed object. */
  public record Row(ArrayNode cells, ObjectNode object) {}

  public static ArrayNode cells(ResourceName resource, ObjectNode object, Instant now) {
    ArrayNode cells = NODES.arrayNode();
    Printers.of(resource).print(object, now, cells);
    return cells;
  }

  public static Row row(Printer printer, ObjectNode object, Instant now) {
    ArrayNode cells = NODES.arrayNode();
    printer.print(object, now, cells);
    return new Row(cells, object);
  }

  /**
   * A Table with its column definitions.
   *
   * @param listMeta the list's {@code resourceVersion}, {@code continue}, {@code
   *     remainingItemCount}
   */
  public static ObjectNode table(
      List<Column> columns, List<Row> rows, IncludeObject include, ObjectNode listMeta) {
    ObjectNode table = header(listMeta);
    table.set("columnDefinitions", definitions(columns));
    table.set("rows", rows(rows, include));
    return table;
  }

  /** A Table without column definitions, for all but the first event of a watch. */
  public static ObjectNode continued(List<Row> rows, IncludeObject include, ObjectNode listMeta) {
    ObjectNode table = header(listMeta);
    table.putNull("columnDefinitions");
    table.set("rows", rows(rows, include));
    return table;
  }

  private static ObjectNode header(ObjectNode listMeta) {
    ObjectNode table = NODES.objectNode();
    table.put("kind", "Table").put("apiVersion", API_VERSION);
    table.set("metadata", listMeta);
    return table;
  }

  private static ArrayNode definitions(List<Column> columns) {
    ArrayNode definitions = NODES.arrayNode();
    for (Column column : columns) {
      definitions
          .addObject()
          .put("name", column.name())
          .put("type", column.type())
          .put("format", column.format())
          .put("description", column.description())
          .put("priority", column.priority());
    }
    return definitions;
  }

  private static ArrayNode rows(List<Row> rows, IncludeObject include) {
    ArrayNode nodes = NODES.arrayNode(rows.size());
    for (Row row : rows) {
      ObjectNode node = nodes.addObject();
      node.set("cells", row.cells());
      conditions(row.object(), node);
      switch (include) {
        case NONE -> node.putNull("object");
        case METADATA -> node.set("object", partial(row.object()));
        case OBJECT -> node.set("object", row.object());
      }
    }
    return nodes;
  }

  /** Tells printers which rows are done with: pods that have ended. */
  private static void conditions(ObjectNode object, ObjectNode row) {
    String phase = Fields.text(object.path("status"), "phase");
    boolean ended = phase.equals("Succeeded") || phase.equals("Failed");
    if (!ended || !Fields.text(object, "kind").equals("Pod")) {
      return;
    }
    row.putArray("conditions")
        .addObject()
        .put("type", "Completed")
        .put("status", "True")
        .put("reason", phase)
        .put(
            "message",
            phase.equals("Succeeded") ? "The pod has completed successfully." : "The pod failed.");
  }

  /** The object's metadata alone, as {@code PartialObjectMetadata}. */
  public static ObjectNode partial(ObjectNode object) {
    ObjectNode partial = NODES.objectNode();
    partial.put("kind", "PartialObjectMetadata").put("apiVersion", API_VERSION);
    partial.set("metadata", Fields.object(object, "metadata"));
    return partial;
  }
}
