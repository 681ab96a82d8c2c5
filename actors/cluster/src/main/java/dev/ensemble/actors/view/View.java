package dev.ensemble.actors.view;

import dev.ensemble.core.object.ResourceName;
import java.util.concurrent.CompletionStage;

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

  /**
   * A page of the changes after {@code revision} that {@link #subscribe} no longer holds, read from
   * the ledger's store and filtered by {@code scope}. Go on at the page's position: with {@link
   * #subscribe} when it takes that, else with the next page. Of an object that was sealed and whose
   * key is destroyed only the deletion is told, without a previous version.
   *
   * <p>Fails with {@link RevisionExpiredException} when the ledger does not retain that revision or
   * the revision is foreign, and with a StoreUnavailableException when too many read at once.
   */
  CompletionStage<PastPage> changesAfter(long revision, Scope scope);

  /** The view as it was at an older revision; fails as {@link #changesAfter} does. */
  CompletionStage<Snapshot> at(long revision);

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
