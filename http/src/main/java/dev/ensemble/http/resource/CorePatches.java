package dev.ensemble.http.resource;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ensemble.core.json.MergePatch;
import dev.ensemble.core.patch.JsonPatch;
import dev.ensemble.core.patch.PatchException;
import dev.ensemble.core.patch.StrategicMergePatch;
import dev.ensemble.core.resource.ResourceType;
import dev.ensemble.http.status.StatusException;
import dev.ensemble.http.status.Statuses;

/** The patches of core, with upstream's answers to those that do not fit. */
public final class CorePatches implements PatchRules {
  @Override
  public JsonNode apply(PatchType how, ResourceType type, ObjectNode object, JsonNode patch) {
    try {
      return switch (how) {
        case JSON -> JsonPatch.apply(object, patch);
        case MERGE -> MergePatch.apply(object, asObject(patch));
        case STRATEGIC -> StrategicMergePatch.apply(object, asObject(patch), type.schema());
        case APPLY -> throw new IllegalStateException("an apply patch is merged by its owner");
      };
    } catch (PatchException e) {
      throw failure(e);
    }
  }

  private static ObjectNode asObject(JsonNode patch) {
    if (patch instanceof ObjectNode object) {
      return object;
    }
    throw Statuses.badRequest("a merge patch must be an object");
  }

  private static StatusException failure(PatchException e) {
    return switch (e.kind()) {
      case MALFORMED, UNFORESEEN -> Statuses.badRequest(e.getMessage());
      case TOO_LARGE -> Statuses.tooManyOperations(e.getMessage());
      case UNPROCESSABLE -> Statuses.unprocessable(e.getMessage());
    };
  }
}
