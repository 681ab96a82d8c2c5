package dev.ensemble.core.validation;

import com.fasterxml.jackson.databind.JsonNode;

/** Kinds of which nothing but metadata is judged: ServiceAccounts, and kinds not known here. */
record MetadataOnlyRules(Names.Form names, MetadataRules.Home home) implements KindRules {
  @Override
  public void create(JsonNode object, FieldErrors errors) {}

  @Override
  public void update(JsonNode object, JsonNode old, FieldErrors errors) {}
}
