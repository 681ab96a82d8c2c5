package dev.ensemble.http.resource;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ensemble.core.resource.ResourceType;

/** Applies JSON, merge and strategic merge patches to objects in the served version. */
public interface PatchRules {
  /**
   * @return the patched object; {@code object} stays as it was
   * @throws dev.ensemble.http.status.StatusException when the patch cannot be applied
   */
  JsonNode apply(PatchType how, ResourceType type, ObjectNode object, JsonNode patch);
}
