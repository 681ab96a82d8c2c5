package dev.ensemble.http.testing;

import dev.ensemble.protocol.ProtocolJson;
import dev.ensemble.protocol.StreamRequest;
import dev.ensemble.protocol.ToAgent;
import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.BiConsumer;

/** An agent that opens every stream and does with each frame what the test says. */
public final class ScriptedAgent {
  private final TestServer server;
  private final String node;
  private final WebSocket session;
  private volatile BiConsumer<byte[], Channel> script = (frame, channel) -> {};
  private volatile StreamRequest lastRequest;

  private ScriptedAgent(TestServer server, String node) {
    this.server = server;
    this.node = node;
    this.session = open("session", new Session());
  }

  public static ScriptedAgent connect(TestServer server, String node) {
    return new ScriptedAgent(server, node);
  }

  /** One that sends back what it gets. */
  public static ScriptedAgent echoing(TestServer server, String node) {
    ScriptedAgent agent = connect(server, node);
    agent.onFrame((frame, channel) -> channel.send(ByteBuffer.wrap(frame)));
    return agent;
  }

  public void onFrame(BiConsumer<byte[], Channel> next) {
    script = next;
  }

  public StreamRequest lastRequest() {
    return lastRequest;
  }

  public void close() {
    session.abort();
  }

  private WebSocket open(String path, WebSocket.Listener listener) {
    URI uri = server.uri("/ensemble/v1/nodes/" + node + "/" + path);
    return server
        .client(HttpClient.Version.HTTP_1_1, Optional.of("node:" + node))
        .newWebSocketBuilder()
        .buildAsync(URI.create("wss" + uri.toString().substring("https".length())), listener)
        .join();
  }

  private final class Session implements WebSocket.Listener {
    private final StringBuilder text = new StringBuilder();

    @Override
    public CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
      text.append(data);
      if (last) {
        if (ProtocolJson.readToAgent(text.toString()) instanceof ToAgent.OpenStream stream) {
          lastRequest = stream.request();
          Thread opener =
              new Thread(() -> open("streams/" + stream.streamId(), new Channel(script)));
          opener.setDaemon(true);
          opener.start();
        }
        text.setLength(0);
      }
      socket.request(1);
      return null;
    }
  }

  /** One stream, from the agent's side. */
  public static final class Channel implements WebSocket.Listener {
    private final BiConsumer<byte[], Channel> script;
    private final ByteArrayOutputStream message = new ByteArrayOutputStream();
    private WebSocket socket;

    private Channel(BiConsumer<byte[], Channel> script) {
      this.script = script;
    }

    public void send(byte channel, String text) {
      byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
      send(ByteBuffer.allocate(bytes.length + 1).put(channel).put(bytes).flip());
    }

    private void send(ByteBuffer frame) {
      socket.sendBinary(frame, true).join();
    }

    public void close() {
      socket.sendClose(WebSocket.NORMAL_CLOSURE, "").join();
    }

    @Override
    public CompletionStage<?> onBinary(WebSocket opened, ByteBuffer data, boolean last) {
      socket = opened;
      byte[] part = new byte[data.remaining()];
      data.get(part);
      message.writeBytes(part);
      if (last) {
        byte[] frame = message.toByteArray();
        message.reset();
        script.accept(frame, this);
      }
      opened.request(1);
      return null;
    }
  }
}
