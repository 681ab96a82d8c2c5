package dev.ensemble.core.validation;

import com.fasterxml.jackson.databind.JsonNode;

/** The rules of one kind beyond those of metadata. */
interface KindRules {
  /** The form of names. */
  default Names.Form names() {
    return Names::dns1123Subdomain;
  }

  default MetadataRules.Home home() {
    return MetadataRules.Home.NAMESPACE;
  }

  void create(JsonNode object, FieldErrors errors);

  void update(JsonNode object, JsonNode old, FieldErrors errors);

  /** A write to {@code /status}; only the status may differ. */
  default void status(JsonNode object, JsonNode old, FieldErrors errors) {}
}
