package dev.ensemble.core.validation;

import com.fasterxml.jackson.databind.JsonNode;
import dev.ensemble.core.object.Fields;
import java.util.List;

/**
 * Events in both their forms: {@code v1}, whose old reporters set no {@code eventTime} and are
 * judged mildly, and {@code events.k8s.io/v1}.
 */
final class EventRules implements KindRules {
  private static final int WORD_BYTES_MAX = 128;
  private static final int NOTE_BYTES_MAX = 1024;

  private final Form form;

  EventRules(Form form) {
    this.form = form;
  }

  enum Form {
    CORE("involvedObject", "message"),
    EVENTS("regarding", "note");

    private final String regarding;
    private final String note;

    Form(String regarding, String note) {
      this.regarding = regarding;
      this.note = note;
    }
  }

  @Override
  public void create(JsonNode object, FieldErrors errors) {
    namespaces(object, errors);
    if (form == Form.CORE && !Fields.has(object, "eventTime")) {
      return;
    }
    if (!Fields.has(object, "eventTime")) {
      errors.required(FieldPath.of("eventTime"), "");
    }
    String type = Fields.text(object, "type");
    if (!type.equals("Normal") && !type.equals("Warning")) {
      errors.invalid(FieldPath.of("type"), "", "has invalid value: " + type);
    }
    String controller = form == Form.CORE ? "reportingComponent" : "reportingController";
    String reporter = Fields.text(object, controller);
    if (reporter.isEmpty()) {
      errors.required(FieldPath.of("reportingController"), "");
    } else {
      errors.invalidEach(
          FieldPath.of("reportingController"), reporter, Keys.qualifiedName(reporter));
    }
    for (String word : List.of("reportingInstance", "action", "reason")) {
      String text = Fields.text(object, word);
      if (text.isEmpty()) {
        errors.required(FieldPath.of(word), "");
      }
      atMost(text, WORD_BYTES_MAX, FieldPath.of(word), errors);
    }
    atMost(Fields.text(object, form.note), NOTE_BYTES_MAX, FieldPath.of(form.note), errors);
    series(object, errors);
  }

  private static void atMost(String text, int bytesMax, FieldPath path, FieldErrors errors) {
    if (MetadataRules.bytes(text) > bytesMax) {
      errors.tooLong(path, bytesMax);
    }
  }

  private void namespaces(JsonNode object, FieldErrors errors) {
    String own = Fields.text(object.path("metadata"), "namespace");
    String regarding = Fields.text(object.path(form.regarding), "namespace");
    boolean matches =
        regarding.isEmpty()
            ? own.isEmpty() || own.equals("default") || own.equals("kube-system")
            : own.equals(regarding);
    if (!matches) {
      errors.invalid(
          FieldPath.of(form.regarding).child("namespace"),
          regarding,
          "does not match event.namespace");
    }
  }

  private static void series(JsonNode object, FieldErrors errors) {
    if (!Fields.has(object, "series")) {
      return;
    }
    JsonNode series = object.get("series");
    FieldPath path = FieldPath.of("series");
    if (Fields.number(series, "count") < 2) {
      errors.invalid(path.child("count"), "", "should be at least 2");
    }
    if (!Fields.has(series, "lastObservedTime")) {
      errors.required(path.child("lastObservedTime"), "");
    }
  }

  @Override
  public void update(JsonNode object, JsonNode old, FieldErrors errors) {
    create(object, errors);
    if (form == Form.CORE && !Fields.has(object, "eventTime")) {
      return;
    }
    for (String field :
        List.of(
            form.regarding,
            "reason",
            form.note,
            "related",
            "action",
            "reportingInstance",
            "eventTime",
            "type")) {
      errors.immutable(FieldPath.of(field), object.path(field), old.path(field));
    }
  }
}
