package dev.ensemble.http.resource;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ensemble.core.resource.ResourceType;
import dev.ensemble.http.status.FieldConflict;
import java.time.Instant;
import java.util.List;
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
   */
  Applied apply(
      ResourceType type, Optional<ObjectNode> live, ObjectNode configuration, Apply how);

  /** Who writes. */
  record Writer(String manager, String subresource, Instant at) {}

  record Apply(Writer writer, boolean force) {}

  /** The merged object, or the conflicts that stand against it. */
  record Applied(ObjectNode object, List<FieldConflict> conflicts) {
    public Applied {
      conflicts = List.copyOf(conflicts);
    }
  }
}
