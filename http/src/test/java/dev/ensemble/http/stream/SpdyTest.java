package dev.ensemble.http.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ensemble.http.testing.ScriptedAgent;
import dev.ensemble.http.testing.TestServer;
import dev.ensemble.protocol.StreamFrame;
import dev.ensemble.protocol.StreamRequest;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class SpdyTest {
  private static final String POD = "/api/v1/namespaces/default/pods/p";
  private static final String SUCCESS = "{\"metadata\":{},\"status\":\"Success\"}";
  private static TestServer server;
  private static ScriptedAgent agent;

  @BeforeAll
  static void start() throws Exception {
    server = TestServer.start();
    server.send(
        "POST",
        "/api/v1/namespaces/default/pods",
        "{\"metadata\":{\"name\":\"p\"},\"spec\":{\"containers\":[{\"name\":\"c\",\"image\":\"i\"}]}}");
    server.bind("p", "n1");
    agent = ScriptedAgent.connect(server, "n1");
  }

  @AfterAll
  static void stop() throws Exception {
    agent.close();
    server.close();
  }

  @Test
  void execCarriesItsStreamsAndEndsWithTheStatusOnTheErrorStream() throws Exception {
    agent.onFrame(
        (frame, channel) -> {
          if (frame[0] == StreamFrame.STDIN) {
            channel.send(StreamFrame.STDOUT, text(frame));
            channel.send(StreamFrame.STDERR, "warned");
          } else {
            assertThat(frame).containsExactly(StreamFrame.CLOSE, StreamFrame.STDIN);
            channel.send(StreamFrame.ERROR, SUCCESS);
            channel.close();
          }
        });
    List<String> head = new ArrayList<>();
    try (SpdyClient client =
        SpdyClient.open(
            server,
            POD + "/exec?command=cat&stdin=true&stdout=true&stderr=true",
            head,
            "v4.channel.k8s.io",
            "v3.channel.k8s.io")) {
      assertThat(head.get(0)).isEqualTo("HTTP/1.1 101 Switching Protocols");
      assertThat(head)
          .contains(
              "X-Stream-Protocol-Version: v4.channel.k8s.io",
              "Connection: Upgrade",
              "Upgrade: SPDY/3.1");
      int error = client.stream("streamtype", "error");
      int stdin = client.stream("streamtype", "stdin");
      int stdout = client.stream("streamtype", "stdout");
      int stderr = client.stream("streamtype", "stderr");
      client.write(stdin, "hello");
      assertThat(client.readSome(stdout)).isEqualTo("hello");
      assertThat(client.readSome(stderr)).isEqualTo("warned");
      client.end(stdin);
      assertThat(client.read(error)).isEqualTo(SUCCESS);
      assertThat(client.closedByServer()).isTrue();
    }
    assertThat(((StreamRequest.Exec) agent.lastRequest()).command()).containsExactly("cat");
  }

  @Test
  void aTerminalsSizeReachesTheAgent() throws Exception {
    agent.onFrame(
        (frame, channel) -> {
          channel.send(StreamFrame.STDOUT, frame[0] + text(frame));
          channel.close();
        });
    try (SpdyClient client =
        SpdyClient.open(
            server, POD + "/attach?stdout=true&tty=true", new ArrayList<>(), "v4.channel.k8s.io")) {
      client.stream("streamtype", "error");
      int stdout = client.stream("streamtype", "stdout");
      int resize = client.stream("streamtype", "resize");
      client.write(resize, "{\"Width\":80,\"Height\":24}");
      assertThat(client.read(stdout)).isEqualTo("4{\"Width\":80,\"Height\":24}");
    }
  }

  @Test
  void portForwardCarriesPairsOfStreams() throws Exception {
    agent.onFrame(
        (frame, channel) -> {
          channel.send(StreamFrame.STDIN, text(frame).toUpperCase(java.util.Locale.ROOT));
          channel.close();
        });
    List<String> head = new ArrayList<>();
    try (SpdyClient client =
        SpdyClient.open(server, POD + "/portforward", head, "portforward.k8s.io")) {
      assertThat(head.get(0)).isEqualTo("HTTP/1.1 101 Switching Protocols");
      for (String id : List.of("0", "1")) {
        client.stream("streamtype", "error", "port", "80", "requestid", id);
        int data = client.stream("streamtype", "data", "port", "80", "requestid", id);
        client.write(data, "ping" + id);
        assertThat(client.read(data)).isEqualTo("PING" + id);
      }
    }
    assertThat(agent.lastRequest()).isInstanceOf(StreamRequest.PortForward.class);
  }

  @Test
  void protocolsThatNobodySpeaksAreRefusedBeforeTheUpgrade() throws Exception {
    List<String> head = new ArrayList<>();
    SpdyClient.open(server, POD + "/exec?command=ls&stdout=true", head, "v9.channel.k8s.io")
        .close();
    assertThat(head.get(0)).isEqualTo("HTTP/1.1 400 Bad Request");
  }

  private static String text(byte[] frame) {
    return new String(frame, 1, frame.length - 1, StandardCharsets.UTF_8);
  }
}
