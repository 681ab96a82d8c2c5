package dev.ensemble.actors.ledger;

import dev.ensemble.core.entity.Durability;
import dev.ensemble.core.object.ObjectKey;
import dev.ensemble.persistence.format.Bytes;
import dev.ensemble.persistence.journal.Recorded;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Events that one entity hands to its ledger in one go: all of them or none.
 *
 * @param payloads the events' payloads as they are stored (sealed where the kind is secret), one
 *     for each event
 * @param done completed when they are durable and visible, or with why not
 */
record Append(
    String entity,
    long firstSequence,
    List<Recorded> events,
    List<Bytes> payloads,
    CompletableFuture<Void> done)
    implements Ledger.Command {
  /** Fails it: nothing of it was written, or will be. */
  void refuse(RuntimeException why) {
    events.forEach(event -> event.refused(why));
    done.completeExceptionally(why);
  }

  Durability durability() {
    return Durability.of(ObjectKey.parse(entity));
  }

  /** Of the request that led to it; empty when none did. */
  String requestId() {
    return events.isEmpty() ? "" : events.get(0).provenance().requestId();
  }

  int bytes() {
    int sum = 0;
    for (Bytes payload : payloads) {
      sum += payload.size();
    }
    return sum;
  }
}
