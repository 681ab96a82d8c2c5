package dev.ensemble.http.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ensemble.http.testing.TestServer;
import dev.ensemble.protocol.FromAgent;
import dev.ensemble.protocol.ProtocolJson;
import dev.ensemble.protocol.StreamRequest;
import dev.ensemble.protocol.ToAgent;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class ExecTest {
  private static TestServer server;
  private static WebSocket session;
  private static final Frames TO_AGENT = new Frames();

  @BeforeAll
  static void start() throws Exception {
    server = TestServer.start();
    server.send(
        "POST",
        "/api/v1/namespaces/default/pods",
        "{\"metadata\":{\"name\":\"p\"},\"spec\":{\"containers\":[{\"name\":\"c\",\"image\":\"i\"}]}}");
    server.bind("p", "n1");
    session = open("node:n1", "/ensemble/v1/nodes/n1/session", TO_AGENT, Optional.empty());
  }

  @AfterAll
  static void stop() throws Exception {
    session.abort();
    server.close();
  }

  @Test
  void bytesFlowBothWaysBetweenTheClientAndTheAgent() throws Exception {
    Frames toClient = new Frames();
    CompletableFuture<WebSocket> client =
        CompletableFuture.supplyAsync(
            () ->
                open(
                    "admin",
                    "/api/v1/namespaces/default/pods/p/exec?command=cat&stdin=true&stdout=true",
                    toClient,
                    Optional.of("v5.channel.k8s.io")));
    ToAgent.OpenStream asked = (ToAgent.OpenStream) ProtocolJson.readToAgent(TO_AGENT.text());
    assertThat(((StreamRequest.Exec) asked.request()).command()).containsExactly("cat");
    Frames toChannel = new Frames();
    WebSocket channel =
        open(
            "node:n1",
            "/ensemble/v1/nodes/n1/streams/" + asked.streamId(),
            toChannel,
            Optional.empty());
    WebSocket exec = client.get(20, TimeUnit.SECONDS);
    assertThat(exec.getSubprotocol()).isEqualTo("v5.channel.k8s.io");
    assertThat(toClient.binary()).containsExactly(1);
    exec.sendBinary(ByteBuffer.wrap(new byte[] {0, 42}), true).get(10, TimeUnit.SECONDS);
    assertThat(toChannel.binary()).containsExactly(0, 42);
    channel.sendBinary(ByteBuffer.wrap(new byte[] {1, 43}), true).get(10, TimeUnit.SECONDS);
    assertThat(toClient.binary()).containsExactly(1, 43);
    channel.sendClose(WebSocket.NORMAL_CLOSURE, "").get(10, TimeUnit.SECONDS);
    assertThat(toClient.closed.get(10, TimeUnit.SECONDS)).isEqualTo(WebSocket.NORMAL_CLOSURE);
  }

  @Test
  void aRefusalOfTheAgentIsTheClientsAnswer() throws Exception {
    CompletableFuture<HttpResponse<String>> answer =
        CompletableFuture.supplyAsync(
            () -> {
              try {
                return server.send("GET", "/api/v1/namespaces/default/pods/p/log?follow=true", "");
              } catch (Exception e) {
                throw new IllegalStateException(e);
              }
            });
    ToAgent.OpenStream asked = (ToAgent.OpenStream) ProtocolJson.readToAgent(TO_AGENT.text());
    session
        .sendText(
            ProtocolJson.write(
                new FromAgent.StreamRefused(asked.streamId(), 400, "container c is waiting")),
            true)
        .get(10, TimeUnit.SECONDS);
    assertThat(answer.get(20, TimeUnit.SECONDS).statusCode()).isEqualTo(400);
    assertThat(answer.get().body()).contains("container c is waiting");
  }

  private static WebSocket open(
      String user, String path, Frames listener, Optional<String> protocol) {
    WebSocket.Builder builder =
        server.client(HttpClient.Version.HTTP_1_1, Optional.of(user)).newWebSocketBuilder();
    protocol.ifPresent(builder::subprotocols);
    URI uri = server.uri(path);
    return builder
        .buildAsync(URI.create("wss" + uri.toString().substring("https".length())), listener)
        .join();
  }

  /** Collects what arrives. */
  private static final class Frames implements WebSocket.Listener {
    private final BlockingQueue<byte[]> binaries = new LinkedBlockingQueue<>();
    private final BlockingQueue<String> texts = new LinkedBlockingQueue<>();
    private final CompletableFuture<Integer> closed = new CompletableFuture<>();
    private final StringBuilder text = new StringBuilder();

    byte[] binary() throws InterruptedException {
      return binaries.poll(20, TimeUnit.SECONDS);
    }

    String text() throws InterruptedException {
      return texts.poll(20, TimeUnit.SECONDS);
    }

    @Override
    public CompletionStage<?> onBinary(WebSocket socket, ByteBuffer data, boolean last) {
      byte[] bytes = new byte[data.remaining()];
      data.get(bytes);
      binaries.add(bytes);
      socket.request(1);
      return null;
    }

    @Override
    public CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
      text.append(data);
      if (last) {
        texts.add(text.toString());
        text.setLength(0);
      }
      socket.request(1);
      return null;
    }

    @Override
    public CompletionStage<?> onClose(WebSocket socket, int code, String reason) {
      closed.complete(code);
      return null;
    }
  }
}
