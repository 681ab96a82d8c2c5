package dev.ensemble.agent.pod;

import dev.ensemble.agent.core.pod.PodConfigException;
import dev.ensemble.agent.core.pod.TokenProjection;
import dev.ensemble.agent.observe.AgentMetrics;
import dev.ensemble.agent.observe.AgentMetrics.Outcome;
import dev.ensemble.agent.pod.TokenSource.Token;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The tokens that pods of this node hold. A token is renewed in time; while the API is away the old
 * one is served until it expires. Memory only: a restarted agent asks for new ones.
 */
final class PodTokens {
  private static final Duration PATIENCE = Duration.ofSeconds(15);

  private final TokenSource source;
  private final AgentMetrics metrics;
  private final Clock clock;
  private final Map<TokenProjection, Token> held = new ConcurrentHashMap<>();

  PodTokens(TokenSource source, AgentMetrics metrics, Clock clock) {
    this.source = source;
    this.metrics = metrics;
    this.clock = clock;
  }

  /**
   * The token's text; blocks while it is asked for.
   *
   * @throws PodConfigException when there is none to be had
   */
  String text(TokenProjection wanted) {
    Instant now = clock.instant();
    Optional<Token> known = Optional.ofNullable(held.get(wanted));
    if (known.isPresent() && now.isBefore(renewAt(known.get()))) {
      return known.get().text();
    }
    try {
      Token fresh =
          source
              .request(wanted)
              .toCompletableFuture()
              .get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
      metrics.tokenRequested(Outcome.SUCCESSFUL);
      held.put(wanted, fresh);
      return fresh.text();
    } catch (ExecutionException | TimeoutException | CompletionException e) {
      metrics.tokenRequested(Outcome.FAILED);
      if (known.isPresent() && now.isBefore(known.get().expiresAt())) {
        return known.get().text();
      }
      Throwable cause = e.getCause() == null ? e : e.getCause();
      throw new PodConfigException("failed to fetch token: " + cause.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new PodConfigException("failed to fetch token: interrupted");
    }
  }

  private static Instant renewAt(Token token) {
    return TokenProjection.renewAt(token.issuedAt(), token.expiresAt());
  }

  /** When the first of the pod's tokens is to be renewed; empty when it has none. */
  Optional<Instant> renewAt(String podUid) {
    return held.entrySet().stream()
        .filter(entry -> entry.getKey().podUid().equals(podUid))
        .map(entry -> renewAt(entry.getValue()))
        .min(Instant::compareTo);
  }

  void forget(String podUid) {
    held.keySet().removeIf(key -> key.podUid().equals(podUid));
  }
}
