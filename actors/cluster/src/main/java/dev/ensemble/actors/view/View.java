package dev.ensemble.actors.view;

import dev.ensemble.core.object.ResourceName;

/**
 * The image of one ledger in this process. A change is visible here before its writer has its
 * answer.
 */
public interface View {
  ResourceName resource();

  /** The newest snapshot. */
  Snapshot snapshot();

  /**
   * Delivers every change after {@code revision}, in order, without gap or double: first those
   * already made, then new ones as they come. {@code listener} is called on the ledger's thread and
   * must only hand over.
   *
   * @throws RevisionExpiredException when changes since {@code revision} are no longer held, or the
   *     revision is foreign
   */
  Subscription subscribe(long revision, Listener listener);

  /** Receives changes. */
  interface Listener {
    void onChange(Change change);

    /**
     * The ledger moved to another process or stopped: no more changes will come. Subscribe again.
     */
    void onEnd();
  }

  /** A running delivery. */
  interface Subscription {
    /** Stops the delivery. A change may still be under way while this is called. */
    void cancel();
  }
}
