package dev.ensemble.actors.store;

import dev.ensemble.actors.view.View;
import dev.ensemble.core.entity.ObjectCommand;
import dev.ensemble.core.object.ObjectKey;
import dev.ensemble.core.object.ResourceName;
import dev.ensemble.persistence.format.Provenance;
import java.util.concurrent.CompletionStage;

/** Reads views and sends commands to entities. */
public interface ObjectStore {
  /**
   * The view of a resource type.
   *
   * @throws IllegalArgumentException when no such type is stored
   */
  View view(ResourceName resource);

  /**
   * Sends a command to the object's entity. When the stage completes with Committed or Removed, the
   * change is durable and visible in the view. It fails with {@link StoreUnavailableException} when
   * the journal refuses writes (nothing was done) or the outcome could not be learned (the change
   * may have been made or not): its category says which.
   */
  CompletionStage<Outcome> submit(ObjectKey key, ObjectCommand command, Provenance provenance);

  /**
   * Sends a message to the resident of an object (a control loop, a node's broker), if the object
   * lives. No answer, no guarantee.
   */
  void tell(ObjectKey key, ResidentMessage message);
}
