package dev.ensemble.http.read;

import dev.ensemble.actors.view.RevisionExpiredException;
import dev.ensemble.actors.view.Snapshot;
import dev.ensemble.actors.view.StoredObject;
import dev.ensemble.http.request.ListOptions;
import dev.ensemble.http.status.Failures;
import dev.ensemble.http.status.Statuses;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * One page of a list.
 *
 * @param revision the list's resourceVersion
 * @param continueToken where the next page begins; empty on the last one
 * @param remaining how many more there are, when that is known without testing selectors
 */
record ListPage(
    List<StoredObject> items, long revision, String continueToken, OptionalLong remaining) {

  static CompletionStage<ListPage> of(
      Target target, Selection selection, ListOptions options, RecentSnapshots recent) {
    Snapshot newest = target.view().snapshot();
    if (options.continueToken().isEmpty()) {
      return snapshot(target, options, newest, recent)
          .thenApply(
              snapshot ->
                  page(
                      target,
                      selection,
                      options,
                      selection.candidates(snapshot).iterator(),
                      snapshot,
                      recent));
    }
    if (!options.resourceVersion().isEmpty() && !options.resourceVersion().equals("0")) {
      throw Statuses.badRequest("specifying resource version is not allowed when using continue");
    }
    ContinueToken token = ContinueToken.decode(options.continueToken());
    CompletionStage<Snapshot> begun =
        token.revision().isPresent() && token.revision().get() != newest.revision()
            ? past(target, token.revision().get(), recent)
                .exceptionallyCompose(failure -> continueFailed(failure, token))
            : CompletableFuture.completedFuture(newest);
    return begun.thenApply(
        snapshot ->
            page(
                target,
                selection,
                options,
                snapshot.after(token.namespace(), token.name()).iterator(),
                snapshot,
                recent));
  }

  private static CompletionStage<Snapshot> continueFailed(Throwable failure, ContinueToken token) {
    return CompletableFuture.failedFuture(
        Failures.unwrap(failure) instanceof RevisionExpiredException
            ? Statuses.continueExpired(
                new ContinueToken(Optional.empty(), token.namespace(), token.name()).encode())
            : failure);
  }

  private static CompletionStage<Snapshot> snapshot(
      Target target, ListOptions options, Snapshot newest, RecentSnapshots recent) {
    long wanted = options.revision();
    if (wanted > newest.revision()) {
      throw Statuses.resourceVersionTooLarge(wanted, newest.revision());
    }
    return !options.exact() || wanted == newest.revision()
        ? CompletableFuture.completedFuture(newest)
        : past(target, wanted, recent);
  }

  private static CompletionStage<Snapshot> past(
      Target target, long revision, RecentSnapshots recent) {
    Optional<Snapshot> kept = recent.at(target.storedName(), revision);
    return kept.isPresent()
        ? CompletableFuture.completedFuture(kept.get())
        : target.view().at(revision);
  }

  private static ListPage page(
      Target target,
      Selection selection,
      ListOptions options,
      Iterator<StoredObject> candidates,
      Snapshot snapshot,
      RecentSnapshots recent) {
    List<StoredObject> items = new ArrayList<>();
    long limit = options.limit() == 0 ? Long.MAX_VALUE : options.limit();
    boolean entered = false;
    while (candidates.hasNext()) {
      StoredObject candidate = candidates.next();
      boolean inside =
          selection.namespace().isEmpty()
              || selection.namespace().equals(candidate.key().namespace());
      if (entered && !inside) {
        // Snapshots are in order of namespaces: nothing more can come.
        break;
      }
      entered |= inside && !selection.namespace().isEmpty();
      if (!selection.matches(candidate)) {
        continue;
      }
      if (items.size() == limit) {
        StoredObject last = items.get(items.size() - 1);
        recent.keep(target.storedName(), snapshot);
        String token =
            new ContinueToken(
                    Optional.of(snapshot.revision()), last.key().namespace(), last.key().name())
                .encode();
        return new ListPage(items, snapshot.revision(), token, remaining(selection, candidates));
      }
      items.add(candidate);
    }
    return new ListPage(items, snapshot.revision(), "", OptionalLong.empty());
  }

  /** Counts what the iterator still has and the one already taken from it. */
  private static OptionalLong remaining(Selection selection, Iterator<StoredObject> rest) {
    if (!selection.unselective()) {
      return OptionalLong.empty();
    }
    long count = 1;
    while (rest.hasNext()) {
      if (selection.mayMatch(rest.next())) {
        count++;
      }
    }
    return OptionalLong.of(count);
  }
}
