package dev.ensemble.actors.view;

import dev.ensemble.persistence.format.EventId;
import java.util.Optional;

/**
 * One commit, as watchers see it.
 *
 * @param object the object after the change; when it was deleted, its last version with the
 *     deletion's revision as resourceVersion
 * @param previous the version before, empty when added
 * @param event the event behind it, the cause of what a controller does about it
 */
public record Change(
    Type type, StoredObject object, Optional<StoredObject> previous, EventId event) {
  public enum Type {
    ADDED,
    MODIFIED,
    DELETED
  }

  public long revision() {
    return object.revision();
  }
}
