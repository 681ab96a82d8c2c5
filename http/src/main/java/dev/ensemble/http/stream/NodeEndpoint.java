package dev.ensemble.http.stream;

import akka.NotUsed;
import akka.actor.typed.ActorSystem;
import akka.http.javadsl.model.AttributeKeys;
import akka.http.javadsl.model.HttpResponse;
import akka.http.javadsl.model.ws.Message;
import akka.http.javadsl.model.ws.TextMessage;
import akka.http.javadsl.model.ws.WebSocketUpgrade;
import akka.japi.Pair;
import akka.stream.BoundedSourceQueue;
import akka.stream.Materializer;
import akka.stream.QueueOfferResult;
import akka.stream.SharedKillSwitch;
import akka.stream.SystemMaterializer;
import akka.stream.javadsl.Flow;
import akka.stream.javadsl.Keep;
import akka.stream.javadsl.Sink;
import akka.stream.javadsl.Source;
import akka.util.ByteString;
import dev.ensemble.actors.node.NodeSessions;
import dev.ensemble.http.server.ApiRequest;
import dev.ensemble.http.server.PathEndpoint;
import dev.ensemble.http.server.Responses;
import dev.ensemble.http.status.Statuses;
import dev.ensemble.protocol.FromAgent;
import dev.ensemble.protocol.ProtocolJson;
import dev.ensemble.protocol.ToAgent;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves the agents: {@code /ensemble/v1/nodes/NAME/session} and {@code …/streams/ID}, both
 * WebSockets. That only NAME's agent may is for the authorizer.
 */
public final class NodeEndpoint implements PathEndpoint {
  private static final Logger LOG = LoggerFactory.getLogger(NodeEndpoint.class);
  private static final String PREFIX = "/ensemble/v1/nodes/";

  /** Messages that wait for one agent; one that lets more pile up is closed. */
  private static final int OUTBOUND_MAX = 4096;

  /** A message of the session larger than this closes it. */
  private static final long MESSAGE_CHARS_MAX = 8L * 1024 * 1024;

  private final NodeSessions nodes;
  private final Rendezvous rendezvous;
  private final Materializer materializer;
  private final SharedKillSwitch stop;

  public NodeEndpoint(
      ActorSystem<?> system, NodeSessions nodes, Rendezvous rendezvous, SharedKillSwitch stop) {
    this.nodes = nodes;
    this.rendezvous = rendezvous;
    this.materializer = SystemMaterializer.get(system).materializer();
    this.stop = stop;
  }

  @Override
  public boolean serves(String path) {
    return path.startsWith(PREFIX);
  }

  @Override
  public CompletionStage<HttpResponse> serve(ApiRequest request) {
    String[] parts = request.info().path().substring(PREFIX.length()).split("/", -1);
    Optional<WebSocketUpgrade> upgrade =
        request.http().getAttribute(AttributeKeys.webSocketUpgrade);
    boolean session = parts.length == 2 && parts[1].equals("session");
    boolean stream = parts.length == 3 && parts[1].equals("streams");
    if (!session && !stream) {
      return CompletableFuture.completedFuture(Responses.pageNotFound());
    }
    if (upgrade.isEmpty()) {
      throw Statuses.badRequest("this path is for WebSockets");
    }
    HttpResponse response =
        session
            ? upgrade.get().handleMessagesWith(session(parts[0]))
            : upgrade.get().handleMessagesWith(channel(parts[0], parts[2]));
    return CompletableFuture.completedFuture(response);
  }

  private Flow<Message, Message, NotUsed> session(String node) {
    Pair<BoundedSourceQueue<Message>, Source<Message, NotUsed>> outbound =
        Source.<Message>queue(OUTBOUND_MAX).preMaterialize(materializer);
    NodeSessions.Session session = nodes.connect(node, new QueueOutbound(node, outbound.first()));
    Sink<Message, NotUsed> inbound =
        Flow.<Message>create()
            .mapAsync(1, this::text)
            .map(ProtocolJson::readFromAgent)
            .to(
                Sink.foreach(
                    message -> {
                      if (message instanceof FromAgent.StreamRefused refusal) {
                        rendezvous.refused(node, refusal);
                      } else {
                        session.received(message);
                      }
                    }));
    return Flow.fromSinkAndSourceCoupled(inbound, outbound.second())
        .via(stop.flow())
        .watchTermination(
            (unused, done) -> {
              done.whenComplete((ended, failure) -> session.closed());
              return NotUsed.getInstance();
            });
  }

  private CompletionStage<String> text(Message message) {
    if (!message.isText()) {
      return CompletableFuture.failedFuture(
          new IllegalArgumentException("a session takes text messages only"));
    }
    TextMessage text = message.asTextMessage();
    if (text.isStrict()) {
      return CompletableFuture.completedFuture(text.getStrictText());
    }
    return text.getStreamedText()
        .limitWeighted(MESSAGE_CHARS_MAX, part -> (long) part.length())
        .runFold(new StringBuilder(), StringBuilder::append, materializer)
        .thenApply(StringBuilder::toString);
  }

  private Flow<Message, Message, NotUsed> channel(String node, String id) {
    CompletableFuture<AgentChannel> place =
        rendezvous
            .take(node, id)
            .orElseThrow(() -> Statuses.badRequest("no client waits for the stream " + id));
    Source<ByteString, org.reactivestreams.Subscriber<ByteString>> toAgent = Source.asSubscriber();
    Sink<ByteString, org.reactivestreams.Publisher<ByteString>> fromAgent =
        Sink.asPublisher(akka.stream.javadsl.AsPublisher.WITHOUT_FANOUT);
    return Frames.ofMessages(materializer)
        .viaMat(Flow.fromSinkAndSourceMat(fromAgent, toAgent, AgentChannel::new), Keep.right())
        .map(Frames::message)
        .watchTermination(
            (channel, ended) -> {
              if (!rendezvous.deliver(place, channel, ended)) {
                end(channel);
              }
              return NotUsed.getInstance();
            });
  }

  /** The agent came too late: nobody will use the channel. */
  private void end(AgentChannel channel) {
    Source.fromPublisher(channel.from()).runWith(Sink.cancelled(), materializer);
    Source.<ByteString>empty().runWith(Sink.fromSubscriber(channel.to()), materializer);
  }

  /** Puts messages into an agent's queue. */
  private static final class QueueOutbound implements NodeSessions.Outbound {
    private final String node;
    private final BoundedSourceQueue<Message> queue;
    private final AtomicBoolean closed = new AtomicBoolean();

    QueueOutbound(String node, BoundedSourceQueue<Message> queue) {
      this.node = node;
      this.queue = queue;
    }

    @Override
    public void send(ToAgent message) {
      QueueOfferResult result = queue.offer(TextMessage.create(ProtocolJson.write(message)));
      if (result == QueueOfferResult.dropped()) {
        close("it does not read what it is sent");
      }
    }

    /** May be said more than once, and of a connection that the agent has ended. */
    @Override
    public void close(String reason) {
      if (!closed.compareAndSet(false, true)) {
        return;
      }
      LOG.info("closing the session of node {}: {}", node, reason);
      try {
        queue.complete();
      } catch (IllegalStateException e) {
        LOG.debug("the connection of node {} had ended", node, e);
      }
    }
  }
}
