package dev.ensemble.persistence.verify;

import dev.ensemble.persistence.format.Batch;
import dev.ensemble.persistence.format.EventId;
import dev.ensemble.persistence.format.EventRecord;
import dev.ensemble.persistence.format.FormatException;
import dev.ensemble.persistence.format.Hash;
import dev.ensemble.persistence.format.HashChain;
import dev.ensemble.persistence.ledger.LedgerStore;
import dev.ensemble.persistence.ledger.Watermark;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;

/**
 * Walks a ledger and computes every hash again: the chain of the ledger, the chain of each entity,
 * sequences without gaps, growing revisions. Needs no keys.
 */
public final class JournalVerifier {
  private record Position(long sequence, Hash hash) {}

  /** Ends the walk. */
  private static final class FaultFound extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  private final String ledger;
  private final Map<String, Position> entities = new HashMap<>();
  private final boolean fromStart;
  private long nextBatch;
  private long batches;
  private long events;
  private long lastRevision;
  private Hash chain;
  private Optional<VerificationReport.Fault> fault = Optional.empty();

  private JournalVerifier(String ledger, Watermark trusted) {
    this.ledger = ledger;
    this.fromStart = trusted.batch() == 0;
    this.nextBatch = trusted.batch() + 1;
    this.lastRevision = trusted.revision();
    this.chain = trusted.chain();
  }

  /**
   * Verifies all of a ledger. Fails only when it cannot be read; what is wrong in it is in the
   * report.
   */
  public static CompletionStage<VerificationReport> verify(LedgerStore store, String ledger) {
    return verify(store, ledger, Watermark.start(ledger));
  }

  /** Verifies what follows a position that was kept elsewhere and is trusted. */
  public static CompletionStage<VerificationReport> verify(
      LedgerStore store, String ledger, Watermark trusted) {
    JournalVerifier verifier = new JournalVerifier(ledger, trusted);
    CompletableFuture<VerificationReport> report = new CompletableFuture<>();
    store
        .readBatches(ledger, trusted.batch(), verifier::check)
        .whenComplete((nothing, failure) -> verifier.end(Optional.ofNullable(failure), report));
    return report.minimalCompletionStage();
  }

  private void end(Optional<Throwable> failure, CompletableFuture<VerificationReport> report) {
    Optional<Throwable> cause =
        failure.map(
            thrown ->
                thrown instanceof CompletionException && thrown.getCause() != null
                    ? thrown.getCause()
                    : thrown);
    if (cause.isPresent() && cause.get() instanceof FormatException) {
      fault =
          Optional.of(
              new VerificationReport.Fault(nextBatch, Optional.empty(), cause.get().getMessage()));
    } else if (cause.isPresent() && !(cause.get() instanceof FaultFound)) {
      report.completeExceptionally(cause.get());
      return;
    }
    report.complete(
        new VerificationReport(
            ledger, batches, events, entities.size(), lastRevision, chain, fault));
  }

  private void check(Batch batch) {
    if (batch.number() != nextBatch) {
      throw found(batch, Optional.empty(), "batch " + nextBatch + " is missing");
    }
    if (!batch.chainBefore().equals(chain)) {
      throw found(batch, Optional.empty(), "it does not continue the ledger's chain");
    }
    for (EventRecord event : batch.events()) {
      check(batch, event);
    }
    if (!batch.chainAfter().equals(chain)) {
      throw found(batch, Optional.empty(), "its chain hash is not that of its events");
    }
    nextBatch++;
    batches++;
  }

  private void check(Batch batch, EventRecord event) {
    if (event.revision() <= lastRevision) {
      throw found(
          batch,
          Optional.of(event.id()),
          "revision " + event.revision() + " does not follow " + lastRevision);
    }
    if (!HashChain.event(event).equals(event.hash())) {
      throw found(batch, Optional.of(event.id()), "its hash is not that of its content");
    }
    Optional<Position> before = Optional.ofNullable(entities.get(event.entity()));
    // What came before a trusted position is not known here, so its first event is believed.
    if (before.isPresent() || fromStart) {
      Position position = before.orElse(new Position(0, Hash.ZERO));
      if (event.sequence() != position.sequence() + 1) {
        throw found(
            batch, Optional.of(event.id()), "it does not follow event " + position.sequence());
      }
      if (!event.previousHash().equals(position.hash())) {
        throw found(batch, Optional.of(event.id()), "it does not continue its entity's hash chain");
      }
    }
    entities.put(event.entity(), new Position(event.sequence(), event.hash()));
    chain = HashChain.ledger(chain, event.revision(), event.hash());
    lastRevision = event.revision();
    events++;
  }

  private FaultFound found(Batch batch, Optional<EventId> event, String problem) {
    fault = Optional.of(new VerificationReport.Fault(batch.number(), event, problem));
    return new FaultFound();
  }
}
