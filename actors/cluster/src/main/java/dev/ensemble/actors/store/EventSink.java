package dev.ensemble.actors.store;

import dev.ensemble.persistence.format.EventId;
import java.util.Optional;

/**
 * Where parts of Ensemble announce Kubernetes Events (core/v1). Nobody waits for it, and it may
 * drop what comes too fast: an Event is a hint for people, not a fact of the journal.
 */
@FunctionalInterface
public interface EventSink {
  void announce(Announcement announcement);

  /**
   * One Event.
   *
   * @param kind of the object it is about: Pod or Node
   * @param namespace empty for a Node
   * @param fieldPath such as {@code spec.containers{nginx}}, or empty
   * @param type Normal or Warning
   * @param action what was tried, such as Scheduling; may be empty
   * @param component who says it, such as {@code default-scheduler} or {@code kubelet}
   * @param host the node on which it happened, or empty
   */
  record Announcement(
      String kind,
      String namespace,
      String name,
      String uid,
      String fieldPath,
      String type,
      String reason,
      String action,
      String message,
      String component,
      String host,
      Optional<EventId> cause) {}
}
