package dev.ensemble.core.table;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ensemble.core.object.Fields;
import dev.ensemble.core.resource.ResourceType;
import dev.ensemble.core.resource.ResourceType.Column;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** A printer put together column by column. */
final class KindPrinter implements Printer {
  private final List<Column> columns;
  private final List<Cell> cells;

  private KindPrinter(List<Column> columns, List<Cell> cells) {
    this.columns = List.copyOf(columns);
    this.cells = List.copyOf(cells);
  }

  /** What stands in one cell. */
  @FunctionalInterface
  interface Cell {
    JsonNode of(ObjectNode object, Instant now);
  }

  /** A cell of text. */
  @FunctionalInterface
  interface Text {
    String of(JsonNode object);
  }

  /** A cell with a number. */
  @FunctionalInterface
  interface Count {
    long of(JsonNode object);
  }

  @Override
  public List<ResourceType.Column> columns() {
    return columns;
  }

  @Override
  public void print(ObjectNode object, Instant now, ArrayNode row) {
    for (Cell cell : cells) {
      row.add(cell.of(object, now));
    }
  }

  static Builder named() {
    return new Builder().name(0);
  }

  static Builder empty() {
    return new Builder();
  }

  /** Collects columns in the order in which they are printed. */
  static final class Builder {
    private static final ArrayNode NODES = JsonNodeFactory.instance.arrayNode();
    private final List<Column> columns = new ArrayList<>();
    private final List<Cell> cells = new ArrayList<>();

    Builder name(int priority) {
      columns.add(new Column("Name", "string", "name", "Name of the object", priority));
      cells.add((object, now) -> NODES.textNode(Fields.text(object.path("metadata"), "name")));
      return this;
    }

    Builder text(String name, String description, Text text) {
      return column(name, "string", description, 0, (o, now) -> NODES.textNode(text.of(o)));
    }

    /** A column that only {@code -o wide} shows. */
    Builder wide(String name, String description, Text text) {
      return column(name, "string", description, 1, (o, now) -> NODES.textNode(text.of(o)));
    }

    Builder count(String name, String type, String description, Count count) {
      return column(name, type, description, 0, (o, now) -> NODES.numberNode(count.of(o)));
    }

    Builder age() {
      return column(
          "Age",
          "string",
          "Time since the object was created",
          0,
          (object, now) -> NODES.textNode(KindPrinter.age(object, now)));
    }

    Builder column(String name, String type, String description, int priority, Cell cell) {
      columns.add(new Column(name, type, "", description, priority));
      cells.add(cell);
      return this;
    }

    Printer build() {
      return new KindPrinter(columns, cells);
    }
  }

  static String age(JsonNode object, Instant now) {
    return HumanDuration.since(Fields.text(object.path("metadata"), "creationTimestamp"), now);
  }
}
