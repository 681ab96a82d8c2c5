package dev.ensemble.http.kubectl;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ensemble.http.testing.ScriptedAgent;
import dev.ensemble.http.testing.TestServer;
import dev.ensemble.protocol.StreamFrame;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The kubectl of the PATH over WebSockets and, as the older ones do, over SPDY. */
class KubectlStreamsIT {
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
    server.send(
        "PATCH",
        "/api/v1/namespaces/default/pods/p/status",
        "{\"status\":{\"phase\":\"Running\"}}",
        "Content-Type",
        "application/merge-patch+json");
    agent = ScriptedAgent.connect(server, "n1");
  }

  @AfterAll
  static void stop() throws Exception {
    agent.close();
    server.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"true", "false"})
  void execGivesBackWhatItReadsAndItsExitCode(String webSockets) throws Exception {
    StringBuilder read = new StringBuilder();
    agent.onFrame(
        (frame, channel) -> {
          if (frame[0] == StreamFrame.STDIN) {
            read.append(new String(frame, 1, frame.length - 1, StandardCharsets.UTF_8));
          } else if (frame[0] == StreamFrame.CLOSE) {
            channel.send(StreamFrame.STDOUT, "read " + read);
            channel.send(
                StreamFrame.ERROR,
                """
                {"metadata":{},"status":"Failure","reason":"NonZeroExitCode","message":"command failed",
                 "details":{"causes":[{"reason":"ExitCode","message":"7"}]}}
                """);
            channel.close();
          }
        });
    Process exec = process(webSockets, "exec", "-i", "p", "--", "cat").start();
    exec.getOutputStream().write("hello\n".getBytes(StandardCharsets.US_ASCII));
    exec.getOutputStream().close();
    String said = new String(exec.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(exec.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(said).startsWith("read hello\n");
    assertThat(exec.exitValue()).isEqualTo(7);
  }

  @ParameterizedTest
  @ValueSource(strings = {"true", "false"})
  void portForwardTakesSeveralConnections(String webSockets) throws Exception {
    agent.onFrame(
        (frame, channel) -> {
          if (frame[0] == StreamFrame.STDIN) {
            channel.send(
                StreamFrame.STDIN,
                new String(frame, 1, frame.length - 1, StandardCharsets.US_ASCII));
          }
        });
    Process forward = process(webSockets, "port-forward", "pod/p", ":80").start();
    try (BufferedReader said =
        new BufferedReader(
            new InputStreamReader(forward.getInputStream(), StandardCharsets.UTF_8))) {
      String line = said.readLine();
      assertThat(line).startsWith("Forwarding from 127.0.0.1:");
      int port = Integer.parseInt(line.replaceAll("Forwarding from 127.0.0.1:(\\d+).*", "$1"));
      for (String text : List.of("first", "second", "third")) {
        assertThat(echoed(port, text)).isEqualTo(text);
      }
    } finally {
      forward.destroy();
      forward.waitFor(10, TimeUnit.SECONDS);
    }
  }

  private static String echoed(int port, String text) throws Exception {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout(20_000);
      socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
      socket.getOutputStream().flush();
      return new String(
          socket.getInputStream().readNBytes(text.length()), StandardCharsets.US_ASCII);
    }
  }

  private static ProcessBuilder process(String webSockets, String... arguments) {
    List<String> command =
        new ArrayList<>(List.of("kubectl", "--kubeconfig", server.kubeconfig().toString()));
    command.addAll(List.of(arguments));
    ProcessBuilder process = new ProcessBuilder(command).redirectErrorStream(true);
    process.environment().put("KUBECTL_REMOTE_COMMAND_WEBSOCKETS", webSockets);
    process.environment().put("KUBECTL_PORT_FORWARD_WEBSOCKETS", webSockets);
    return process;
  }
}
