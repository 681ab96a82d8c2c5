package dev.ensemble.actors.controller;

import dev.ensemble.actors.store.ObjectStore;
import dev.ensemble.core.controller.Plan;
import dev.ensemble.core.controller.Setback;
import dev.ensemble.core.object.ObjectKey;
import java.time.Instant;
import java.util.Optional;

/** One kind's side of a control loop: gathers a view from snapshots and asks the pure rule. */
interface Rule {
  /** The last part of the acting user {@code system:controller:NAME}. */
  String controller();

  /** The plan for the object as it is now; nothing when it is not there. */
  Plan plan(ObjectKey key, ObjectStore store, Optional<Setback> setback, Instant now);
}
