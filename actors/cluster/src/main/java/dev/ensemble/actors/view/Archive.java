package dev.ensemble.actors.view;

import dev.ensemble.actors.view.LedgerView.Tip;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.LongSupplier;

/**
 * Where a view finds what it does not hold any more. Stages fail with {@link
 * RevisionExpiredException} when it is not retained, and with a StoreUnavailableException when too
 * many read at once or the store does not answer.
 */
public interface Archive {
  /** Keeps nothing. */
  Archive NONE =
      new Archive() {
        @Override
        public boolean serves(long revision, Scope scope) {
          return false;
        }

        @Override
        public CompletionStage<PastPage> changesAfter(
            long revision, Scope scope, LongSupplier head) {
          return CompletableFuture.failedFuture(new IllegalStateException("nothing is kept"));
        }

        @Override
        public CompletionStage<Map<String, Optional<StoredVersion>>> statesAt(
            long revision, Map<String, Tip> changed) {
          return CompletableFuture.failedFuture(new IllegalStateException("nothing is kept"));
        }
      };

  /** Whether all changes of the scope after this revision are kept; false for a foreign one. */
  boolean serves(long revision, Scope scope);

  /**
   * @param head the newest revision that the view has published: later ones are not given, because
   *     a subscription will
   */
  CompletionStage<PastPage> changesAfter(long revision, Scope scope, LongSupplier head);

  /**
   * The objects of these entities as they were; empty where there was none.
   *
   * @param changed entities that have events after the revision, with where they stand now
   */
  CompletionStage<Map<String, Optional<StoredVersion>>> statesAt(
      long revision, Map<String, Tip> changed);
}
