package dev.ensemble.agent.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ensemble.agent.SharedNode;
import dev.ensemble.agent.runtime.PodRuntime.StreamShape;
import dev.ensemble.protocol.StreamFrame;
import java.net.URI;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Exec, attach and port-forward through containerd's streaming server. Needs root. */
@ExtendWith(SharedNode.class)
class ExecStreamIT {
  private static final ByteBuffer END_OF_INPUT =
      ByteBuffer.wrap(new byte[] {StreamFrame.CLOSE, StreamFrame.STDIN});

  /** Says back what it reads until its input ends. */
  private static final String ECHO = "while read line; do echo got $line; done; echo ended; ";

  @BeforeAll
  static void start() throws Exception {
    SharedNode.run(
        "streams",
        """
        {"terminationGracePeriodSeconds":0,"restartPolicy":"Never","containers":[
          {"name":"c","image":"nginx:1.14.2"},
          {"name":"once","image":"nginx:1.14.2","stdin":true,"stdinOnce":true,
           "command":["sh","-c","%1$s"]},
          {"name":"often","image":"nginx:1.14.2","stdin":true,"command":["sh","-c","%1$s"]},
          {"name":"terminal","image":"nginx:1.14.2","stdin":true,"tty":true,
           "command":["sh","-c","while read line; do stty size; done"]}]}
        """
            .formatted(ECHO));
    SharedNode.awaitPhase("streams", "Running");
  }

  @AfterAll
  static void stop() {
    SharedNode.end("streams");
  }

  private static String id(String container) {
    return SharedNode.node()
        .parts()
        .directory()
        .find("streams")
        .orElseThrow()
        .facts()
        .latest(container)
        .orElseThrow()
        .id();
  }

  /** A stream with the test at its other end. */
  private record Joined(RecordingSocket peer, FrameSocket socket) {
    static Joined of(StreamSource source) {
      return of(source, new RecordingSocket());
    }

    static Joined of(StreamSource source, RecordingSocket peer) {
      FrameSocket socket = join(source, peer);
      return new Joined(peer, socket);
    }

    void send(String frame) {
      peer.deliver(socket, frame);
    }

    void endInput() {
      peer.deliver(socket, END_OF_INPUT.duplicate());
    }

    void leave() {
      socket.onClose(peer, 1000, "");
    }

    String out() {
      return peer.text(StreamFrame.STDOUT);
    }

    String error() {
      return peer.text(StreamFrame.ERROR);
    }

    void awaitOut(String text) {
      await("output " + text).atMost(SharedNode.PATIENCE).until(() -> out().contains(text));
    }

    void awaitEnd() {
      await("the stream ends").atMost(SharedNode.PATIENCE).until(peer::isOutputClosed);
    }
  }

  private static FrameSocket join(StreamSource source, WebSocket peer) {
    FrameSocket socket = new FrameSocket();
    source.run(socket);
    socket.onOpen(peer);
    return socket;
  }

  private static StreamSource exec(StreamShape shape, String... command) {
    URI url =
        SharedNode.node()
            .runtime()
            .exec(id("c"), List.of(command), shape)
            .toCompletableFuture()
            .join();
    return new SpdySource.Command(url, shape);
  }

  private static Joined attach(String container, StreamShape shape) {
    URI url = SharedNode.node().runtime().attach(id(container), shape).toCompletableFuture().join();
    return Joined.of(new SpdySource.Command(url, shape));
  }

  private static Joined forward(int port) {
    String sandbox =
        SharedNode.node()
            .parts()
            .directory()
            .find("streams")
            .orElseThrow()
            .facts()
            .readySandbox()
            .orElseThrow()
            .id();
    URI url = SharedNode.node().runtime().portForward(sandbox, port).toCompletableFuture().join();
    return Joined.of(new SpdySource.PortForward(url, port));
  }

  @Test
  void theEndOfStandardInputReachesTheCommandAndItsExitCodeComesBack() {
    StreamShape shape = new StreamShape(true, true, true, false);
    Joined exec = Joined.of(exec(shape, "sh", "-c", "cat; echo oops >&2; exit 7"));
    exec.send("\0hello");
    exec.endInput();
    exec.awaitEnd();
    assertThat(exec.out()).isEqualTo("hello");
    assertThat(exec.peer().text(StreamFrame.STDERR)).isEqualTo("oops\n");
    assertThat(exec.error()).contains("NonZeroExitCode").contains("\"7\"");
  }

  @Test
  void successSaysSo() {
    Joined exec = Joined.of(exec(new StreamShape(false, true, true, false), "true"));
    exec.awaitEnd();
    assertThat(exec.error()).contains("\"status\":\"Success\"");
  }

  @Test
  void aCommandThatIsNotThereIsAnError() {
    Joined exec = Joined.of(exec(new StreamShape(false, true, true, false), "no-such-command"));
    exec.awaitEnd();
    assertThat(exec.error()).contains("Failure").contains("no-such-command");
  }

  @Test
  void aTerminalHasTheSizeOfTheClients() {
    StreamShape shape = new StreamShape(true, true, false, true);
    Joined exec =
        Joined.of(
            exec(
                shape,
                "sh",
                "-c",
                "until [ \"$(stty size)\" = '45 123' ]; do usleep 10000; done; echo first;"
                    + " until [ \"$(stty size)\" = '50 80' ]; do usleep 10000; done; exit 3"));
    exec.send("\4{\"Width\":123,\"Height\":45}");
    exec.awaitOut("first\r\n");
    exec.send("\4{\"Width\":80,\"Height\":50}");
    exec.awaitEnd();
    assertThat(exec.error()).contains("\"3\"");
  }

  @Test
  void muchOutputWaitsForItsReader() {
    StreamShape shape = new StreamShape(false, true, true, false);
    CountingSocket peer = new CountingSocket();
    join(exec(shape, "head", "-c", "50000000", "/dev/zero"), peer);
    await().atMost(SharedNode.PATIENCE).until(peer::isOutputClosed);
    // Beside the zeros there is the Status.
    assertThat(peer.bytes()).isBetween(50_000_000L, 50_000_200L);
    assertThat(peer.mostAtOnce()).isEqualTo(1);
  }

  @Test
  void standardInputThatIsForOneClientEndsWithIt() {
    Joined client = attach("once", new StreamShape(true, true, true, false));
    client.send("\0hello\n");
    client.awaitOut("got hello\n");
    client.endInput();
    client.awaitEnd();
    assertThat(client.out()).isEqualTo("got hello\nended\n");
    await()
        .atMost(SharedNode.PATIENCE)
        .until(() -> SharedNode.node().status("streams").toString().contains("Completed"));
  }

  @Test
  void standardInputThatIsForManyClientsStaysOpen() {
    StreamShape shape = new StreamShape(true, true, true, false);
    Joined first = attach("often", shape);
    first.send("\0one\n");
    first.awaitOut("got one\n");
    Joined watcher = attach("often", new StreamShape(false, true, true, false));
    first.leave();
    Joined second = attach("often", shape);
    second.send("\0two\n");
    second.awaitOut("got two\n");
    watcher.awaitOut("got two\n");
    assertThat(second.out()).isEqualTo("got two\n");
    second.leave();
    watcher.leave();
  }

  @Test
  void anAttachedTerminalIsResized() {
    Joined client = attach("terminal", new StreamShape(true, true, false, true));
    client.send("\4{\"Width\":101,\"Height\":33}");
    await()
        .atMost(SharedNode.PATIENCE)
        .until(
            () -> {
              client.send("\0\n");
              return client.out().contains("33 101");
            });
    client.leave();
  }

  @Test
  void portForwardReachesThePodsOwnLoopbackOverSeveralConnections() {
    Joined first = forward(80);
    Joined second = forward(80);
    Joined closed = forward(81);
    second.send("\0GET /second HTTP/1.0\r\n\r\n");
    first.send("\0GET / HTTP/1.0\r\n\r\n");
    await()
        .atMost(SharedNode.PATIENCE)
        .until(() -> first.peer().text(StreamFrame.STDIN).contains("Welcome to nginx"));
    await()
        .atMost(SharedNode.PATIENCE)
        .until(() -> second.peer().text(StreamFrame.STDIN).contains("404 Not Found"));
    first.awaitEnd();
    closed.awaitEnd();
    assertThat(closed.error()).contains("connection refused").contains("81");
    assertThat(first.error()).isEmpty();
  }

  @Test
  void aPortForwardThatTheClientLeavesEndsOnTheNodeToo() {
    Joined forward = forward(80);
    forward.send("\0GET / HTTP/1.1\r\nHost: x\r\n\r\n");
    await()
        .atMost(SharedNode.PATIENCE)
        .until(() -> forward.peer().text(StreamFrame.STDIN).contains("Welcome to nginx"));
    forward.endInput();
    forward.awaitEnd();
  }
}
