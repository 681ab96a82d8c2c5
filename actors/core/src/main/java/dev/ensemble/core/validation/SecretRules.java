package dev.ensemble.core.validation;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.ensemble.core.object.Fields;
import java.io.IOException;
import java.util.Base64;
import java.util.Map;

/** Values are never printed in errors: they would reach logs and history in the open. */
final class SecretRules implements KindRules {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final FieldPath DATA = FieldPath.of("data");
  private static final String SERVICE_ACCOUNT = "kubernetes.io/service-account.name";

  @Override
  public void create(JsonNode object, FieldErrors errors) {
    long bytes = 0;
    for (Map.Entry<String, JsonNode> entry : Fields.entries(object, "data")) {
      errors.invalidEach(DATA.key(entry.getKey()), entry.getKey(), Keys.configKey(entry.getKey()));
      bytes += ConfigMapRules.decodedLength(entry.getValue().asText());
    }
    if (bytes > ConfigMapRules.DATA_BYTES_MAX) {
      errors.tooLong(DATA, ConfigMapRules.DATA_BYTES_MAX);
    }
    byType(object, errors);
  }

  private static void byType(JsonNode secret, FieldErrors errors) {
    JsonNode data = secret.path("data");
    switch (Fields.text(secret, "type")) {
      case "kubernetes.io/service-account-token" -> {
        if (Fields.text(secret.path("metadata").path("annotations"), SERVICE_ACCOUNT).isEmpty()) {
          errors.required(MetadataRules.METADATA.child("annotations").key(SERVICE_ACCOUNT), "");
        }
      }
      case "kubernetes.io/dockercfg" -> {
        dockerJson(data, ".dockercfg", errors);
      }
      case "kubernetes.io/dockerconfigjson" -> {
        dockerJson(data, ".dockerconfigjson", errors);
      }
      case "kubernetes.io/basic-auth" -> {
        if (!data.has("username") && !data.has("password")) {
          errors.required(DATA.key("username"), "");
          errors.required(DATA.key("password"), "");
        }
      }
      case "kubernetes.io/ssh-auth" -> {
        if (Fields.text(data, "ssh-privatekey").isEmpty()) {
          errors.required(DATA.key("ssh-privatekey"), "");
        }
      }
      case "kubernetes.io/tls" -> {
        if (!data.has("tls.crt")) {
          errors.required(DATA.key("tls.crt"), "");
        }
        if (!data.has("tls.key")) {
          errors.required(DATA.key("tls.key"), "");
        }
      }
      default -> {}
    }
  }

  private static void dockerJson(JsonNode data, String key, FieldErrors errors) {
    if (!data.has(key)) {
      errors.required(DATA.key(key), "");
      return;
    }
    try {
      JsonNode parsed = JSON.readTree(Base64.getDecoder().decode(data.get(key).asText()));
      if (!parsed.isObject()) {
        errors.invalid(DATA.key(key), "<secret contents redacted>", "must be a JSON object");
      }
    } catch (IOException | IllegalArgumentException unreadable) {
      errors.invalid(DATA.key(key), "<secret contents redacted>", "must be valid JSON");
    }
  }

  @Override
  public void update(JsonNode object, JsonNode old, FieldErrors errors) {
    errors.immutable(FieldPath.of("type"), object.path("type"), old.path("type"));
    if (Fields.flag(old, "immutable")) {
      if (!Fields.flag(object, "immutable")) {
        errors.forbidden(FieldPath.of("immutable"), "field is immutable when `immutable` is set");
      }
      ConfigMapRules.unchanged("data", object, old, errors);
    }
    create(object, errors);
  }
}
