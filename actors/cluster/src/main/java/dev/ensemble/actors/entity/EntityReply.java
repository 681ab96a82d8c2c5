package dev.ensemble.actors.entity;

import dev.ensemble.actors.view.StoredObject;
import dev.ensemble.core.entity.Rejection;

/** What an entity answers to Submit. */
public sealed interface EntityReply {
  /** The object as the command left it. */
  record Committed(StoredObject object) implements EntityReply {}

  /** The object is gone; its last version. */
  record Removed(StoredObject last) implements EntityReply {}

  record Rejected(Rejection rejection) implements EntityReply {}

  /** The command asked for what is already so. */
  enum Unchanged implements EntityReply {
    INSTANCE
  }

  /** Nothing was written. The entity has stopped and will recover. */
  record NotWritten(Cause cause) implements EntityReply {
    /** Why not. */
    public enum Cause {
      /** Too much waits in the ledger. */
      OVERLOADED,
      /** The ledger is not open, or another incarnation of the entity has written. */
      UNAVAILABLE
    }
  }

  /** The journal did not say whether it wrote. The entity has stopped and will replay. */
  enum Unknown implements EntityReply {
    INSTANCE
  }
}
