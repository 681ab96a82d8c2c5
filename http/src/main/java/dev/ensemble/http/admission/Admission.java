package dev.ensemble.http.admission;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ensemble.core.resource.ResourceType;
import dev.ensemble.http.auth.User;
import java.util.Optional;

/**
 * A step of admission. May change the object and may throw StatusException to refuse it. Never
 * blocks.
 */
@FunctionalInterface
public interface Admission {
  Release admit(Change change);

  /**
   * One create or update in its stored version.
   *
   * @param object what will be stored; the admission's to change
   * @param old empty for a create
   * @param subresource empty for the object itself
   */
  record Change(
      ResourceType type,
      String namespace,
      ObjectNode object,
      Optional<ObjectNode> old,
      String subresource,
      User user) {
    public boolean of(String resource) {
      return type.name().toString().equals(resource) && subresource.isEmpty();
    }
  }

  /** Gives back what was held for the change. Called once it is committed, or is not to be. */
  @FunctionalInterface
  interface Release {
    Release NOTHING = () -> {};

    void release();
  }
}
