package dev.ensemble.core.resource;

import dev.ensemble.core.schema.ApiKind;
import java.util.List;

/**
 * What is served below an object: its name in the path, the kind of its body, which may be of
 * another group, and its verbs.
 */
public record Subresource(String name, ApiKind kind, List<String> verbs) {
  public Subresource {
    verbs = List.copyOf(verbs);
  }
}
