package dev.ensemble.http.resource;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ensemble.core.apply.ConflictPolicy;
import dev.ensemble.core.resource.ResourceType;
import java.time.Instant;
import java.util.Optional;

/** Server-side apply: who owns which field ({@code metadata.managedFields}). */
public interface FieldOwnership {
  /**
   * Brings managedFields up to date after a write that is not an apply.
   *
   * @param live the object before; empty when it is created
   * @param object the object after; its managedFields are replaced
   */
  void updated(ResourceType type, Optional<ObjectNode> live, ObjectNode object, Writer writer);

  /**
   * Merges an applied configuration.
   *
   * @param live the object before; empty when it is to be created
   * @return the merged object with its managedFields
   * @throws dev.ensemble.http.status.StatusException 409 when others own fields that would change,
   *     400 or 500 when the configuration cannot be merged
   */
  ObjectNode apply(
      ResourceType type, Optional<ObjectNode> live, ObjectNode configuration, Apply how);

  /**
   * Has an apply that changes nothing keep the times of its entries. Called when {@code object} is
   * defaulted and admitted.
   */
  void settled(ObjectNode live, ObjectNode object);

  /** Who writes. */
  record Writer(String manager, String subresource, Instant at) {}

  record Apply(Writer writer, ConflictPolicy policy) {}
}
