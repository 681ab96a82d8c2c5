package dev.ensemble.agent.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ensemble.agent.TestNode;
import dev.ensemble.agent.core.Fields;
import dev.ensemble.agent.runtime.PodRuntime.StreamShape;
import dev.ensemble.protocol.StreamFrame;
import dev.ensemble.protocol.ToAgent;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Exec and port-forward through containerd's streaming server. Needs root. */
class ExecStreamIT {
  private static final Duration PATIENCE = Duration.ofSeconds(40);
  private static Path folder;
  private static TestNode node;

  @BeforeAll
  static void start() throws Exception {
    folder = Files.createTempDirectory("ens-it");
    node = new TestNode(folder);
    node.open();
    node.synced();
    ObjectNode pod = Fields.object();
    pod.putObject("metadata").put("name", "p").put("namespace", "default").put("uid", "p");
    pod.set(
        "spec",
        new ObjectMapper()
            .readTree("{\"containers\":[{\"name\":\"c\",\"image\":\"nginx:1.14.2\"}]}"));
    node.tell(new ToAgent.PodDesired(pod));
    await().atMost(PATIENCE).until(() -> node.phase("p").equals("Running"));
  }

  @AfterAll
  static void stop() throws Exception {
    node.close();
    new ProcessBuilder("rm", "-rf", folder.toString()).start().waitFor();
  }

  private static String container() {
    return node.parts().directory().find("p").orElseThrow().facts().latest("c").orElseThrow().id();
  }

  @Test
  void theEndOfStandardInputReachesTheCommandAndItsExitCodeComesBack() throws Exception {
    StreamShape shape = new StreamShape(true, true, true, false);
    URI url =
        node.runtime()
            .exec(container(), List.of("sh", "-c", "cat; echo oops >&2; exit 7"), shape)
            .toCompletableFuture()
            .join();
    RecordingSocket peer = new RecordingSocket();
    FrameSocket socket = new FrameSocket();
    new SpdySource.Command(url, shape).run(socket);
    socket.onOpen(peer);
    peer.deliver(socket, "\0hello");
    peer.deliver(socket, ByteBuffer.wrap(new byte[] {StreamFrame.CLOSE, StreamFrame.STDIN}));
    await().atMost(PATIENCE).until(peer::isOutputClosed);
    assertThat(peer.text(StreamFrame.STDOUT)).isEqualTo("hello");
    assertThat(peer.text(StreamFrame.STDERR)).isEqualTo("oops\n");
    assertThat(peer.text(StreamFrame.ERROR)).contains("NonZeroExitCode").contains("\"7\"");
  }

  @Test
  void portForwardReachesThePodsOwnLoopback() throws Exception {
    String sandbox =
        node.parts().directory().find("p").orElseThrow().facts().readySandbox().orElseThrow().id();
    URI url = node.runtime().portForward(sandbox, 80).toCompletableFuture().join();
    RecordingSocket peer = new RecordingSocket();
    FrameSocket socket = new FrameSocket();
    new SpdySource.PortForward(url, 80).run(socket);
    socket.onOpen(peer);
    byte[] request = "\0GET / HTTP/1.0\r\n\r\n".getBytes(StandardCharsets.UTF_8);
    peer.deliver(socket, ByteBuffer.wrap(request));
    await().atMost(PATIENCE).until(() -> peer.text(StreamFrame.STDIN).contains("Welcome to nginx"));
  }
}
