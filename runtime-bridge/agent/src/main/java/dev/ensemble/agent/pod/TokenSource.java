package dev.ensemble.agent.pod;

import dev.ensemble.agent.core.pod.TokenProjection;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Gets tokens of service accounts. Fails with what is to be told of the pod; retries nothing. */
public interface TokenSource {
  /** For a node whose pods exist in memory only: nobody reads their files. */
  TokenSource NOBODY_READS =
      wanted -> CompletableFuture.completedFuture(new Token("", Instant.EPOCH, Instant.MAX));

  CompletionStage<Token> request(TokenProjection wanted);

  /** A token and its time. */
  record Token(String text, Instant issuedAt, Instant expiresAt) {
    @Override
    public String toString() {
      return "token good until " + expiresAt;
    }
  }
}
