package dev.ensemble.http.request;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.ensemble.core.decode.FieldValidation;
import dev.ensemble.core.validation.FieldError;
import dev.ensemble.http.status.Statuses;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What CreateOptions, UpdateOptions and PatchOptions of meta/v1 share.
 *
 * @param fieldManager as given; empty when not
 * @param force of apply patches only
 */
public record WriteOptions(
    boolean dryRun, String fieldManager, FieldValidation fieldValidation, boolean force) {
  private static final int FIELD_MANAGER_LENGTH_MAX = 128;

  /** Which options a request carries. */
  public enum Form {
    CREATE("CreateOptions"),
    UPDATE("UpdateOptions"),
    PATCH("PatchOptions"),
    APPLY("PatchOptions");

    private final String kind;

    Form(String kind) {
      this.kind = kind;
    }
  }

  public static WriteOptions of(Query query, Form form) {
    List<FieldError> errors = new ArrayList<>();
    boolean dryRun = dryRun(query.all("dryRun"), errors);
    String manager = query.get("fieldManager");
    boolean force = query.isTrue("force");
    if (form == Form.APPLY) {
      if (manager.isEmpty()) {
        errors.add(FieldError.required("fieldManager", "is required for apply patch"));
      }
    } else if (form == Form.PATCH && query.has("force")) {
      errors.add(FieldError.forbidden("force", "may not be specified for non-apply patch"));
    }
    checkManager(manager, errors);
    FieldValidation validation = validation(query.get("fieldValidation"), errors);
    if (!errors.isEmpty()) {
      throw Statuses.invalid("meta.k8s.io", form.kind, "", errors);
    }
    return new WriteOptions(dryRun, manager, validation, force);
  }

  /** The field manager, by default the client's name in its User-Agent. */
  public String managerOr(String userAgent) {
    if (!fieldManager.isEmpty()) {
      return fieldManager;
    }
    int slash = userAgent.indexOf('/');
    String prefix = slash < 0 ? userAgent : userAgent.substring(0, slash);
    StringBuilder name = new StringBuilder();
    prefix
        .codePoints()
        .filter(c -> c >= 0x20 && c != 0x7f)
        .limit(FIELD_MANAGER_LENGTH_MAX)
        .forEach(name::appendCodePoint);
    return name.length() == 0 ? "unknown" : name.toString();
  }

  /** Whether {@code dryRun} says All; everything else is an error. */
  static boolean dryRun(List<String> values, List<FieldError> errors) {
    if (values.stream().anyMatch(value -> !value.equals("All"))) {
      JsonNode given =
          JsonNodeFactory.instance
              .arrayNode()
              .addAll(values.stream().<JsonNode>map(TextNode::valueOf).toList());
      errors.add(
          new FieldError(
              FieldError.Type.NOT_SUPPORTED,
              "dryRun",
              Optional.of(given),
              "supported values: \"All\""));
    }
    return !values.isEmpty();
  }

  private static void checkManager(String manager, List<FieldError> errors) {
    if (manager.length() > FIELD_MANAGER_LENGTH_MAX) {
      errors.add(
          new FieldError(
              FieldError.Type.TOO_LONG,
              "fieldManager",
              Optional.empty(),
              "may not be more than " + FIELD_MANAGER_LENGTH_MAX + " bytes"));
    }
    if (manager.codePoints().anyMatch(c -> c < 0x20 || c == 0x7f)) {
      errors.add(
          FieldError.invalid(
              "fieldManager",
              TextNode.valueOf(manager),
              "should only contain printable characters"));
    }
  }

  private static FieldValidation validation(String value, List<FieldError> errors) {
    return switch (value) {
      case "Ignore" -> FieldValidation.IGNORE;
      case "", "Warn" -> FieldValidation.WARN;
      case "Strict" -> FieldValidation.STRICT;
      default -> {
        errors.add(
            new FieldError(
                FieldError.Type.NOT_SUPPORTED,
                "fieldValidation",
                Optional.of(TextNode.valueOf(value)),
                "supported values: \"Ignore\", \"Strict\", \"Warn\""));
        yield FieldValidation.WARN;
      }
    };
  }
}
