package dev.ensemble.loadtest.journal;

import dev.ensemble.actors.ledger.Sealing;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** For benchmarks that hold no secrets: being asked to seal is a mistake of the benchmark. */
final class NoSecrets implements Sealing {
  @Override
  public CompletionStage<byte[]> seal(String entity, String uid, byte[] plain) {
    return CompletableFuture.failedFuture(
        new IllegalStateException("a benchmark without secrets seals " + entity));
  }

  @Override
  public CompletionStage<byte[]> unseal(String entity, byte[] secret) {
    return CompletableFuture.failedFuture(
        new IllegalStateException("a benchmark without secrets unseals " + entity));
  }

  @Override
  public CompletionStage<Void> destroyKey(String entity, String uid) {
    return CompletableFuture.failedFuture(
        new IllegalStateException("a benchmark without secrets destroys a key"));
  }
}
