package dev.ensemble.http.stream;

import dev.ensemble.actors.node.NodeSessions;
import dev.ensemble.http.status.Statuses;
import dev.ensemble.protocol.FromAgent;
import dev.ensemble.protocol.StreamRequest;
import dev.ensemble.protocol.ToAgent;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Where a client's stream waits for the channel that the node's agent opens for it. Ids are random
 * and good for one node and one use.
 */
public final class Rendezvous {
  private static final SecureRandom RANDOM = new SecureRandom();

  private final NodeSessions nodes;
  private final Duration patience;
  private final int openMax;
  private final Map<String, Waiting> waiting = new ConcurrentHashMap<>();

  /** From when a stream is asked for until both of its ends are gone. */
  private final AtomicInteger open = new AtomicInteger();

  private record Waiting(String node, CompletableFuture<AgentChannel> channel) {}

  public Rendezvous(NodeSessions nodes, Duration patience, int openMax) {
    this.nodes = nodes;
    this.patience = patience;
    this.openMax = openMax;
  }

  /**
   * Asks the node's agent for a channel. Fails with StatusException when the node is not there, the
   * agent refuses, or does not come in time.
   */
  CompletionStage<AgentChannel> open(String node, StreamRequest request) {
    if (open.incrementAndGet() > openMax) {
      open.decrementAndGet();
      throw Statuses.tooManyRequests("too many streams are open", Duration.ofSeconds(1));
    }
    byte[] random = new byte[16];
    RANDOM.nextBytes(random);
    String id = HexFormat.of().formatHex(random);
    CompletableFuture<AgentChannel> channel = new CompletableFuture<>();
    waiting.put(id, new Waiting(node, channel));
    if (nodes.send(node, new ToAgent.OpenStream(id, request))
        == NodeSessions.Delivery.NOT_CONNECTED) {
      waiting.remove(id);
      open.decrementAndGet();
      throw Statuses.unavailable(
          "error dialing backend: the agent of node " + node + " is not connected");
    }
    return channel
        .orTimeout(patience.toMillis(), TimeUnit.MILLISECONDS)
        .handle(
            (opened, failure) -> {
              waiting.remove(id);
              if (failure != null) {
                open.decrementAndGet();
              }
              if (failure instanceof TimeoutException) {
                throw Statuses.timeout("the agent of node " + node + " did not open the stream");
              }
              if (failure != null) {
                throw new java.util.concurrent.CompletionException(failure);
              }
              return opened;
            });
  }

  /** Takes the place of a stream that a node's agent opens a channel for; once. */
  Optional<CompletableFuture<AgentChannel>> take(String node, String id) {
    Waiting found = waiting.get(id);
    if (found == null || !found.node().equals(node) || !waiting.remove(id, found)) {
      return Optional.empty();
    }
    return Optional.of(found.channel());
  }

  /**
   * Hands a channel to the client that waits at a place.
   *
   * @param ended when both ends of the channel are gone
   * @return false when the client waits no longer: the channel is the caller's to end
   */
  boolean deliver(
      CompletableFuture<AgentChannel> place, AgentChannel channel, CompletionStage<?> ended) {
    if (!place.complete(channel)) {
      return false;
    }
    ended.whenComplete((done, failure) -> open.decrementAndGet());
    return true;
  }

  /** How long each side waits for the other. */
  Duration patience() {
    return patience;
  }

  /** The agent will not open the stream. */
  void refused(String node, FromAgent.StreamRefused refusal) {
    take(node, refusal.streamId())
        .ifPresent(
            channel ->
                channel.completeExceptionally(Statuses.ofAgent(refusal.code(), refusal.message())));
  }
}
