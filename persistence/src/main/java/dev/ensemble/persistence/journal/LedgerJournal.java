package dev.ensemble.persistence.journal;

import akka.dispatch.Futures;
import akka.persistence.AtomicWrite;
import akka.persistence.PersistentRepr;
import akka.persistence.journal.japi.AsyncWriteJournal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import scala.concurrent.Future;
import scala.jdk.javaapi.CollectionConverters;
import scala.jdk.javaapi.FutureConverters;

/** The journal plugin of one resource type. A persistence id is an entity's id. */
public final class LedgerJournal extends AsyncWriteJournal {
  private final LedgerGateway ledgers = LedgerGateways.of(context().system()).gateway();

  @Override
  public Future<Iterable<Optional<Exception>>> doAsyncWriteMessages(
      Iterable<AtomicWrite> messages) {
    List<CompletableFuture<?>> appends = new ArrayList<>(1);
    for (AtomicWrite write : messages) {
      appends.add(append(write).toCompletableFuture());
    }
    CompletionStage<Iterable<Optional<Exception>>> all =
        (appends.size() == 1
                ? appends.get(0)
                : CompletableFuture.allOf(appends.toArray(CompletableFuture[]::new)))
            .thenApply(done -> noRejections(appends.size()));
    return FutureConverters.asScala(all);
  }

  private CompletionStage<Void> append(AtomicWrite write) {
    List<Recorded> events = new ArrayList<>(1);
    for (PersistentRepr repr : CollectionConverters.asJava(write.payload())) {
      events.add((Recorded) repr.payload());
    }
    return ledgers.append(write.persistenceId(), write.lowestSequenceNr(), events);
  }

  private static Iterable<Optional<Exception>> noRejections(int count) {
    List<Optional<Exception>> answers = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      answers.add(Optional.empty());
    }
    return answers;
  }

  /** The journal never forgets by itself: retention is the ledger's. */
  @Override
  public Future<Void> doAsyncDeleteMessagesTo(String persistenceId, long toSequenceNr) {
    return Futures.failed(
        new IllegalStateException("entities do not delete events: " + persistenceId));
  }

  /** Nothing to replay: {@link LedgerSnapshots} has given the state at the newest event. */
  @Override
  public Future<Void> doAsyncReplayMessages(
      String persistenceId, long from, long to, long max, Consumer<PersistentRepr> replay) {
    return Futures.successful(null);
  }

  @Override
  public Future<Long> doAsyncReadHighestSequenceNr(String persistenceId, long fromSequenceNr) {
    return Futures.successful(fromSequenceNr);
  }
}
