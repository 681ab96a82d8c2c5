package dev.ensemble.actors.store;

import dev.ensemble.actors.view.StoredObject;
import dev.ensemble.core.entity.Rejection;

/** What came of a command. */
public sealed interface Outcome {
  /** The object as this command left it. */
  record Committed(StoredObject object) implements Outcome {}

  /** The object is gone; its last version, with the deletion's revision. */
  record Removed(StoredObject last) implements Outcome {}

  /** The command asked for what is already so. */
  record Unchanged(StoredObject object) implements Outcome {}

  record Rejected(Rejection rejection) implements Outcome {}
}
