package dev.ensemble.http.stream;

import akka.NotUsed;
import akka.actor.typed.ActorSystem;
import akka.http.javadsl.model.AttributeKeys;
import akka.http.javadsl.model.ContentTypes;
import akka.http.javadsl.model.HttpEntities;
import akka.http.javadsl.model.HttpResponse;
import akka.http.javadsl.model.ws.Message;
import akka.http.javadsl.model.ws.WebSocketUpgrade;
import akka.stream.Materializer;
import akka.stream.SharedKillSwitch;
import akka.stream.SystemMaterializer;
import akka.stream.javadsl.Flow;
import akka.stream.javadsl.Sink;
import akka.stream.javadsl.Source;
import akka.util.ByteString;
import dev.ensemble.http.read.Target;
import dev.ensemble.http.request.Query;
import dev.ensemble.http.request.RequestInfo;
import dev.ensemble.http.resource.Subresources;
import dev.ensemble.http.server.ApiRequest;
import dev.ensemble.http.status.Statuses;
import dev.ensemble.protocol.StreamFrame;
import dev.ensemble.protocol.StreamRequest;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletionStage;

/** Serves pods' log, exec, attach and portforward. */
public final class PodStreams implements Subresources {
  /** Best first; frames are the same in both, v5 can close stdin alone. */
  private static final List<String> CHANNEL_PROTOCOLS =
      List.of("v5.channel.k8s.io", "v4.channel.k8s.io");

  /** SPDY closes stdin by itself; before v4 the end was text and not a Status. */
  private static final List<String> SPDY_PROTOCOLS =
      List.of("v5.channel.k8s.io", "v4.channel.k8s.io");

  private final Rendezvous rendezvous;
  private final Materializer materializer;
  private final SharedKillSwitch stop;
  private final PortForwards portForwards;

  public PodStreams(ActorSystem<?> system, Rendezvous rendezvous, SharedKillSwitch stop) {
    this.rendezvous = rendezvous;
    this.materializer = SystemMaterializer.get(system).materializer();
    this.stop = stop;
    this.portForwards = new PortForwards(materializer, rendezvous, stop);
  }

  @Override
  public CompletionStage<HttpResponse> serve(ApiRequest request, Target pods) {
    RequestInfo info = request.info();
    StreamingPod pod =
        StreamingPod.of(
            pods.view()
                .snapshot()
                .get(info.namespace(), info.name())
                .orElseThrow(() -> Statuses.notFound(pods.name(), info.name())));
    return switch (info.subresource()) {
      case "log" -> log(request, pod);
      case "exec" -> exec(request, pod);
      case "attach" -> attach(request, pod);
      case "portforward" -> portForwards.serve(request, pod);
      default -> throw Statuses.methodNotAllowed();
    };
  }

  private CompletionStage<HttpResponse> log(ApiRequest request, StreamingPod pod) {
    if (!request.info().verb().equals("get")) {
      throw Statuses.methodNotAllowed();
    }
    Query query = request.query();
    OptionalLong tail = query.number("tailLines");
    OptionalLong limit = query.number("limitBytes");
    OptionalLong since = query.number("sinceSeconds");
    LogOptions.validate(query, tail, limit, since);
    StreamRequest.Logs logs =
        new StreamRequest.Logs(
            pod.uid(),
            pod.container(query.get("container")),
            query.isTrue("follow"),
            query.isTrue("previous"),
            query.isTrue("timestamps"),
            tail,
            limit,
            since,
            query.get("sinceTime").isEmpty()
                ? Optional.empty()
                : Optional.of(query.get("sinceTime")));
    return rendezvous
        .open(pod.requireNode(), logs)
        .thenApply(
            channel -> {
              // The agent is told to go away by the end of what is sent to it.
              Source<ByteString, NotUsed> text =
                  Source.fromPublisher(channel.from())
                      .filter(frame -> frame.size() > 1 && frame.head() == StreamFrame.STDOUT)
                      .map(frame -> frame.drop(1))
                      .via(stop.flow())
                      .watchTermination(
                          (unused, done) -> {
                            done.whenComplete(
                                (ended, failure) ->
                                    Source.<ByteString>empty()
                                        .runWith(Sink.fromSubscriber(channel.to()), materializer));
                            return NotUsed.getInstance();
                          });
              return HttpResponse.create()
                  .withEntity(HttpEntities.createChunked(ContentTypes.TEXT_PLAIN_UTF8, text));
            });
  }

  private CompletionStage<HttpResponse> exec(ApiRequest request, StreamingPod pod) {
    Query query = request.query();
    List<String> command = query.all("command");
    if (command.isEmpty()) {
      throw Statuses.badRequest("you must specify at least 1 command for the container");
    }
    Streams streams = Streams.of(query);
    return channels(
        request,
        pod,
        streams,
        new StreamRequest.Exec(
            pod.uid(),
            pod.container(query.get("container")),
            command,
            streams.stdin(),
            streams.stdout(),
            streams.stderr(),
            streams.tty()));
  }

  private CompletionStage<HttpResponse> attach(ApiRequest request, StreamingPod pod) {
    Streams streams = Streams.of(request.query());
    return channels(
        request,
        pod,
        streams,
        new StreamRequest.Attach(
            pod.uid(),
            pod.container(request.query().get("container")),
            streams.stdin(),
            streams.stdout(),
            streams.stderr(),
            streams.tty()));
  }

  /** Which of a container's streams a client wants; upstream's defaults and validation. */
  private record Streams(boolean stdin, boolean stdout, boolean stderr, boolean tty) {
    static Streams of(Query query) {
      boolean tty = query.isTrue("tty");
      Streams streams =
          new Streams(
              query.isTrue("stdin"), query.isTrue("stdout"), query.isTrue("stderr") && !tty, tty);
      if (!streams.stdin && !streams.stdout && !streams.stderr) {
        throw Statuses.badRequest("you must specify at least one of stdin, stdout, stderr");
      }
      return streams;
    }

    /** What a client opens over SPDY: the channels of these streams and those of every command. */
    Set<Byte> channels() {
      Set<Byte> channels = new HashSet<>(Set.of(StreamFrame.ERROR));
      if (stdin) {
        channels.add(StreamFrame.STDIN);
      }
      if (stdout) {
        channels.add(StreamFrame.STDOUT);
      }
      if (stderr) {
        channels.add(StreamFrame.STDERR);
      }
      if (tty) {
        channels.add(StreamFrame.RESIZE);
      }
      return channels;
    }
  }

  private CompletionStage<HttpResponse> channels(
      ApiRequest request, StreamingPod pod, Streams streams, StreamRequest stream) {
    Optional<SpdyUpgrade> spdy = SpdyUpgrade.of(request);
    if (spdy.isPresent()) {
      return spdy(spdy.get(), pod, streams, stream);
    }
    WebSocketUpgrade upgrade =
        request
            .http()
            .getAttribute(AttributeKeys.webSocketUpgrade)
            .orElseThrow(
                () -> Statuses.badRequest("unable to upgrade: WebSocket or SPDY/3.1 is needed"));
    List<String> offered = new java.util.ArrayList<>();
    upgrade.getRequestedProtocols().forEach(offered::add);
    String protocol =
        CHANNEL_PROTOCOLS.stream()
            .filter(offered::contains)
            .findFirst()
            .orElseThrow(
                () ->
                    Statuses.badRequest(
                        "unable to upgrade: none of the subprotocols "
                            + offered
                            + " is known; known are "
                            + CHANNEL_PROTOCOLS));
    byte first =
        streams.stdout()
            ? StreamFrame.STDOUT
            : streams.stderr() ? StreamFrame.STDERR : StreamFrame.ERROR;
    return rendezvous
        .open(pod.requireNode(), stream)
        .thenApply(channel -> upgrade.handleMessagesWith(join(channel, first), protocol));
  }

  private CompletionStage<HttpResponse> spdy(
      SpdyUpgrade upgrade, StreamingPod pod, Streams streams, StreamRequest stream) {
    String protocol = upgrade.protocol(SPDY_PROTOCOLS);
    return rendezvous
        .open(pod.requireNode(), stream)
        .thenApply(
            channel ->
                upgrade.response(
                    protocol,
                    SpdyFlow.of(
                        materializer,
                        stop,
                        toClient ->
                            new SpdyChannels(
                                channel,
                                streams.channels(),
                                rendezvous.patience(),
                                materializer,
                                toClient))));
  }

  private Flow<Message, Message, NotUsed> join(AgentChannel channel, byte first) {
    // An empty frame tells the client that the stream is open, as upstream does.
    Source<ByteString, NotUsed> fromAgent =
        Source.single(Frames.frame(first, ByteString.emptyByteString()))
            // Closing a channel is said by clients only: kubectl complains of a channel 255.
            .concat(Source.fromPublisher(channel.from()).filter(frame -> !Frames.isClose(frame)));
    return Frames.ofMessages(materializer)
        .via(Flow.fromSinkAndSourceCoupled(Sink.fromSubscriber(channel.to()), fromAgent))
        .via(stop.flow())
        .map(Frames::message);
  }
}
