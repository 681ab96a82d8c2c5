package dev.ensemble.core.table;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.ensemble.core.object.Fields;
import java.time.Instant;
import java.util.Locale;

/** Events in both their forms, whose fields have other names. */
final class EventPrinter {
  private EventPrinter() {}

  static Printer events() {
    return KindPrinter.empty()
        .column("Last Seen", "string", "When it last happened", 0, EventPrinter::lastSeen)
        .text("Type", "Normal or Warning", o -> Fields.text(o, "type"))
        .text("Reason", "Why, in one word", o -> Fields.text(o, "reason"))
        .text("Object", "What it is about", EventPrinter::object)
        .wide("Subobject", "Which part", o -> Fields.text(regarding(o), "fieldPath"))
        .wide("Source", "Who reported it", EventPrinter::source)
        .text("Message", "What happened", EventPrinter::message)
        .column("First Seen", "string", "When it first happened", 1, EventPrinter::firstSeen)
        .column("Count", "string", "How often", 1, (o, now) -> LongNode.valueOf(count(o)))
        .name(1)
        .build();
  }

  private static JsonNode either(JsonNode event, String core, String events) {
    return event.has(core) ? event.path(core) : event.path(events);
  }

  private static JsonNode regarding(JsonNode event) {
    return either(event, "involvedObject", "regarding");
  }

  private static String object(JsonNode event) {
    JsonNode regarding = regarding(event);
    String kind = Fields.text(regarding, "kind").toLowerCase(Locale.ROOT);
    String name = Fields.text(regarding, "name");
    return name.isEmpty() ? kind : kind + "/" + name;
  }

  private static String source(JsonNode event) {
    JsonNode source = either(event, "source", "deprecatedSource");
    String component = Fields.text(source, "component");
    String host = Fields.text(source, "host");
    if (component.isEmpty()) {
      component = either(event, "reportingComponent", "reportingController").asText();
      host = Fields.text(event, "reportingInstance");
    }
    return host.isEmpty() ? component : component + ", " + host;
  }

  private static String message(JsonNode event) {
    return either(event, "message", "note").asText().strip();
  }

  private static String first(JsonNode event) {
    String time = either(event, "firstTimestamp", "deprecatedFirstTimestamp").asText("");
    return time.isEmpty() ? Fields.text(event, "eventTime") : time;
  }

  private static JsonNode firstSeen(JsonNode event, Instant now) {
    return TextNode.valueOf(HumanDuration.since(first(event), now));
  }

  private static JsonNode lastSeen(JsonNode event, Instant now) {
    String time = either(event, "lastTimestamp", "deprecatedLastTimestamp").asText("");
    if (Fields.has(event, "series")) {
      time = Fields.text(event.get("series"), "lastObservedTime");
    } else if (time.isEmpty()) {
      time = first(event);
    }
    return TextNode.valueOf(HumanDuration.since(time, now));
  }

  private static long count(JsonNode event) {
    if (Fields.has(event, "series")) {
      return Fields.number(event.get("series"), "count");
    }
    // One that happened once carries no count in the newer form.
    return Math.max(1, either(event, "count", "deprecatedCount").asLong());
  }
}
