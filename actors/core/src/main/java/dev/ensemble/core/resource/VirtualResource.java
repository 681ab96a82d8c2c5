package dev.ensemble.core.resource;

import dev.ensemble.core.schema.ApiKind;
import dev.ensemble.core.schema.Schema;
import java.util.List;

/**
 * A resource that is answered and never stored, such as {@code selfsubjectaccessreviews}.
 *
 * @param verbs what may be asked of it, most often {@code create} alone
 */
public record VirtualResource(
    ApiKind kind,
    String plural,
    String singular,
    ResourceType.Scope scope,
    List<String> verbs,
    Schema.Struct schema) {
  public VirtualResource {
    verbs = List.copyOf(verbs);
  }
}
