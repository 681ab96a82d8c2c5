package dev.ensemble.actors.entity;

import akka.actor.typed.Behavior;
import dev.ensemble.actors.store.ObjectStore;
import dev.ensemble.actors.store.ResidentMessage;
import dev.ensemble.core.object.ObjectKey;
import dev.ensemble.persistence.format.EventId;

/**
 * The active part of an object: the control loop of a Deployment, the broker of a Node. The entity
 * spawns it as a child while the object exists and hands it every {@link ResidentMessage}; it
 * restarts on failure without harm to the entity. It never writes the object directly: it submits
 * commands like everyone else.
 */
@FunctionalInterface
public interface Resident {
  Behavior<ResidentMessage> create(ObjectKey key, ObjectStore store);

  /**
   * Something that this object is concerned with has changed: look at the views again. {@code
   * cause} is the event that did it.
   */
  record Wake(EventId cause) implements ResidentMessage {}
}
