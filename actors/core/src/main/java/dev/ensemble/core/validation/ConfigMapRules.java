package dev.ensemble.core.validation;

import com.fasterxml.jackson.databind.JsonNode;
import dev.ensemble.core.object.Fields;
import java.util.Map;

final class ConfigMapRules implements KindRules {
  /** 1 MiB of keys' values in all. */
  static final int DATA_BYTES_MAX = 1024 * 1024;

  @Override
  public void create(JsonNode object, FieldErrors errors) {
    JsonNode binary = object.path("binaryData");
    long bytes = 0;
    for (Map.Entry<String, JsonNode> entry : Fields.entries(object, "data")) {
      FieldPath path = FieldPath.of("data").key(entry.getKey());
      errors.invalidEach(path, entry.getKey(), Keys.configKey(entry.getKey()));
      if (binary.has(entry.getKey())) {
        errors.invalid(path, entry.getKey(), "duplicate of key present in binaryData");
      }
      bytes += MetadataRules.bytes(entry.getValue().asText());
    }
    for (Map.Entry<String, JsonNode> entry : Fields.entries(object, "binaryData")) {
      errors.invalidEach(
          FieldPath.of("binaryData").key(entry.getKey()),
          entry.getKey(),
          Keys.configKey(entry.getKey()));
      bytes += decodedLength(entry.getValue().asText());
    }
    if (bytes > DATA_BYTES_MAX) {
      errors.tooLong(FieldPath.ROOT, DATA_BYTES_MAX);
    }
  }

  @Override
  public void update(JsonNode object, JsonNode old, FieldErrors errors) {
    if (Fields.flag(old, "immutable")) {
      if (!Fields.flag(object, "immutable")) {
        errors.forbidden(FieldPath.of("immutable"), "field is immutable when `immutable` is set");
      }
      unchanged("data", object, old, errors);
      unchanged("binaryData", object, old, errors);
    }
    create(object, errors);
  }

  static void unchanged(String field, JsonNode object, JsonNode old, FieldErrors errors) {
    if (!Fields.object(object, field).equals(Fields.object(old, field))) {
      errors.forbidden(FieldPath.of(field), "field is immutable when `immutable` is set");
    }
  }

  /** How many bytes a base64 text stands for. */
  static long decodedLength(String base64) {
    int padding = base64.endsWith("==") ? 2 : base64.endsWith("=") ? 1 : 0;
    return base64.length() / 4L * 3 - padding;
  }
}
