package dev.ensemble.http.testing;

import dev.ensemble.protocol.ProtocolJson;
import dev.ensemble.protocol.ToAgent;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** An agent that opens every stream it is asked for and sends back what it gets. */
public final class EchoAgent {
  private final TestServer server;
  private final String node;
  private final WebSocket session;

  private EchoAgent(TestServer server, String node) {
    this.server = server;
    this.node = node;
    this.session = open("session", new Session());
  }

  public static EchoAgent connect(TestServer server, String node) {
    return new EchoAgent(server, node);
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
          Thread opener = new Thread(() -> open("streams/" + stream.streamId(), new Echo()));
          opener.setDaemon(true);
          opener.start();
        }
        text.setLength(0);
      }
      socket.request(1);
      return null;
    }
  }

  private static final class Echo implements WebSocket.Listener {
    @Override
    public CompletionStage<?> onBinary(WebSocket socket, ByteBuffer data, boolean last) {
      byte[] copy = new byte[data.remaining()];
      data.get(copy);
      return socket.sendBinary(ByteBuffer.wrap(copy), last).thenRun(() -> socket.request(1));
    }
  }
}
