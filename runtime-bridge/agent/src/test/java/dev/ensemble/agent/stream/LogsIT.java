package dev.ensemble.agent.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.ensemble.agent.SharedNode;
import dev.ensemble.agent.node.PodDirectory;
import dev.ensemble.agent.runtime.SimulatedRuntime;
import dev.ensemble.protocol.StreamFrame;
import dev.ensemble.protocol.StreamRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Executor;
import java.util.concurrent.ForkJoinPool;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Logs of real containers, rotated by a real runtime. Needs root. */
@ExtendWith(SharedNode.class)
class LogsIT {
  private static final Executor IO = ForkJoinPool.commonPool();

  /** Options of one request, all off to begin with. */
  private record Options(
      boolean follow,
      boolean previous,
      boolean timestamps,
      OptionalLong tail,
      OptionalLong limit,
      Optional<String> since) {
    static final Options NONE =
        new Options(
            false, false, false, OptionalLong.empty(), OptionalLong.empty(), Optional.empty());

    Options following() {
      return new Options(true, previous, timestamps, tail, limit, since);
    }

    Options ofPrevious() {
      return new Options(follow, true, timestamps, tail, limit, since);
    }

    Options withTimestamps() {
      return new Options(follow, previous, true, tail, limit, since);
    }

    Options tail(long lines) {
      return new Options(follow, previous, timestamps, OptionalLong.of(lines), limit, since);
    }

    Options limit(long bytes) {
      return new Options(follow, previous, timestamps, tail, OptionalLong.of(bytes), since);
    }

    Options since(String time) {
      return new Options(follow, previous, timestamps, tail, limit, Optional.of(time));
    }
  }

  private static RecordingSocket open(String uid, Options options) {
    PodDirectory directory = SharedNode.node().parts().directory();
    StreamRequest.Logs request =
        new StreamRequest.Logs(
            uid,
            "c",
            options.follow(),
            options.previous(),
            options.timestamps(),
            options.tail(),
            options.limit(),
            OptionalLong.empty(),
            options.since());
    LogSource source =
        LogSource.of(
            directory.find(uid).orElseThrow(),
            request,
            SharedNode.node().parts().folders(),
            directory,
            IO);
    RecordingSocket peer = new RecordingSocket();
    FrameSocket socket = new FrameSocket();
    socket.onOpen(peer);
    source.run(socket);
    return peer;
  }

  private static String read(String uid, Options options) {
    RecordingSocket peer = open(uid, options);
    await("the log of " + uid + " ends").atMost(SharedNode.PATIENCE).until(peer::isOutputClosed);
    return peer.text(StreamFrame.STDOUT);
  }

  private static Path file(String uid) {
    return SharedNode.node()
        .parts()
        .folders()
        .log(
            SharedNode.node().parts().directory().find(uid).orElseThrow().pod(),
            "c",
            SharedNode.state(uid).attempt());
  }

  private static LogRotation rotation(long bytesMax, int filesMax, Instant now) {
    return new LogRotation(
        SharedNode.node().parts().directory(),
        SharedNode.node().parts().folders(),
        SharedNode.node().runtime(),
        Optional.empty(),
        bytesMax,
        filesMax,
        Clock.fixed(now, ZoneOffset.UTC));
  }

  private static void exec(String uid, String script) {
    SharedNode.node()
        .runtime()
        .execSync(SharedNode.state(uid).id(), List.of("sh", "-c", script), Duration.ofSeconds(20))
        .toCompletableFuture()
        .join();
  }

  private static String lines(int from, int to) {
    StringBuilder text = new StringBuilder();
    IntStream.rangeClosed(from, to).forEach(i -> text.append("line ").append(i).append('\n'));
    return text.toString();
  }

  @Test
  void optionsSelectLinesOfAFinishedContainer() throws Exception {
    SharedNode.runScript(
        "log-options",
        "i=1; while [ $i -le 20 ]; do echo line $i; i=$((i+1)); done",
        "\"restartPolicy\":\"Never\"");
    SharedNode.awaitPhase("log-options", "Succeeded");
    assertThat(read("log-options", Options.NONE)).isEqualTo(lines(1, 20));
    assertThat(read("log-options", Options.NONE.following())).isEqualTo(lines(1, 20));
    assertThat(read("log-options", Options.NONE.tail(3))).isEqualTo(lines(18, 20));
    assertThat(read("log-options", Options.NONE.tail(0))).isEmpty();
    assertThat(read("log-options", Options.NONE.tail(99))).isEqualTo(lines(1, 20));
    assertThat(read("log-options", Options.NONE.limit(10))).isEqualTo("line 1\nlin");
    assertThat(read("log-options", Options.NONE.since("2999-01-01T00:00:00Z"))).isEmpty();
    String stamped = read("log-options", Options.NONE.withTimestamps().tail(1));
    String[] parts = stamped.split(" ", 2);
    assertThat(Instant.parse(parts[0])).isBetween(Instant.now().minusSeconds(300), Instant.now());
    assertThat(parts[1]).isEqualTo("line 20\n");
    assertThat(read("log-options", Options.NONE.since(parts[0]))).endsWith("line 20\n");
    assertThatThrownBy(() -> open("log-options", Options.NONE.ofPrevious()))
        .hasMessage("previous terminated container \"c\" in pod \"log-options\" not found");
    SharedNode.end("log-options");
  }

  @Test
  void partsOfALongLineAreOneLineAndCharactersStayWhole() throws Exception {
    // 3 bytes each: 16 KiB, where the runtime cuts, is in the middle of a character.
    SharedNode.runScript(
        "log-partial",
        "echo first; i=0; while [ $i -lt 20000 ]; do printf '\\342\\202\\254'; i=$((i+1)); done;"
            + " echo; echo last",
        "\"restartPolicy\":\"Never\"");
    SharedNode.awaitPhase("log-partial", "Succeeded");
    assertThat(Files.readString(file("log-partial"), java.nio.charset.StandardCharsets.ISO_8859_1))
        .contains(" stdout P ");
    String whole = "€".repeat(20000);
    assertThat(read("log-partial", Options.NONE)).isEqualTo("first\n" + whole + "\nlast\n");
    assertThat(read("log-partial", Options.NONE.tail(2))).isEqualTo(whole + "\nlast\n");
    assertThat(
            read("log-partial", Options.NONE.withTimestamps())
                .lines()
                .map(l -> l.split(" ", -1)[1]))
        .containsExactly("first", whole, "last");
    SharedNode.end("log-partial");
  }

  @Test
  void followGoesOnAcrossRotationAndEndsWithTheContainer() throws Exception {
    SharedNode.runScript(
        "log-follow",
        "i=1; while [ ! -e /tmp/stop ]; do echo line $i; i=$((i+1)); usleep 2000; done;"
            + " echo line $i; echo $i > /dev/termination-log",
        "\"restartPolicy\":\"Never\"");
    SharedNode.awaitPhase("log-follow", "Running");
    RecordingSocket follower = open("log-follow", Options.NONE.following());
    Instant now = Instant.parse("2026-01-01T00:00:00Z");
    Path log = file("log-follow");
    for (int round = 0; round < 4; round++) {
      String before = follower.text(StreamFrame.STDOUT);
      await().atMost(SharedNode.PATIENCE).until(() -> Files.exists(log) && Files.size(log) > 400);
      rotation(400, 3, now.plusSeconds(round)).rotateAll();
      await()
          .atMost(SharedNode.PATIENCE)
          .until(() -> follower.text(StreamFrame.STDOUT).length() > before.length() + 300);
    }
    assertThat(new LogFiles(log).rotated().stream().map(p -> p.getFileName().toString()))
        .containsExactly("0.log.20260101-000002", "0.log.20260101-000003");
    exec("log-follow", "touch /tmp/stop");
    await().atMost(SharedNode.PATIENCE).until(follower::isOutputClosed);
    int last =
        Integer.parseInt(
            SharedNode.container("log-follow")
                .path("state")
                .path("terminated")
                .path("message")
                .asText()
                .trim());
    assertThat(follower.text(StreamFrame.STDOUT)).isEqualTo(lines(1, last));
    assertThat(read("log-follow", Options.NONE)).endsWith(lines(last - 3, last));
    SharedNode.end("log-follow");
  }

  @Test
  void aLogThatTheRuntimeDoesNotOpenAnewIsPutBack() throws Exception {
    SharedNode.runScript("log-stays", "while true; do echo some text; usleep 5000; done", "");
    SharedNode.awaitPhase("log-stays", "Running");
    Path log = file("log-stays");
    await().atMost(SharedNode.PATIENCE).until(() -> Files.size(log) > 200);
    LogRotation rotation =
        new LogRotation(
            SharedNode.node().parts().directory(),
            SharedNode.node().parts().folders(),
            // It knows no such container.
            new SimulatedRuntime(),
            Optional.empty(),
            100,
            3,
            Clock.systemUTC());
    rotation.rotateAll();
    assertThat(new LogFiles(log).rotated()).isEmpty();
    assertThat(Files.exists(log)).isTrue();
    SharedNode.end("log-stays");
  }

  @Test
  void previousIsTheRunBeforeAndOlderLogsGoWithTheirContainers() throws Exception {
    SharedNode.runScript(
        "log-previous",
        "echo begun $(cat /proc/sys/kernel/random/uuid); exit 1",
        "\"restartPolicy\":\"Always\"");
    await()
        .atMost(SharedNode.PATIENCE)
        .until(() -> SharedNode.container("log-previous").path("restartCount").asInt() >= 1);
    await()
        .atMost(SharedNode.PATIENCE)
        .until(
            () ->
                SharedNode.container("log-previous").path("state").has("waiting")
                    && SharedNode.container("log-previous").path("lastState").has("terminated"));
    // Between two runs the last one is both.
    String last = read("log-previous", Options.NONE);
    assertThat(last).startsWith("begun ");
    assertThat(read("log-previous", Options.NONE.ofPrevious())).isEqualTo(last);
    Path logs = file("log-previous").getParent();
    await()
        .atMost(SharedNode.PATIENCE)
        .until(() -> SharedNode.container("log-previous").path("restartCount").asInt() >= 2);
    await("the log of what was removed is gone")
        .atMost(SharedNode.PATIENCE)
        .until(() -> !Files.exists(logs.resolve("0.log")));
    SharedNode.end("log-previous");
  }

  @Test
  void whatDoesNotRunYetSaysWhy() throws Exception {
    SharedNode.run(
        "log-waiting",
        """
        {"containers":[{"name":"c","image":"nginx:absent","imagePullPolicy":"Never"}]}
        """);
    await()
        .atMost(SharedNode.PATIENCE)
        .until(() -> SharedNode.container("log-waiting").path("state").has("waiting"));
    await()
        .atMost(SharedNode.PATIENCE)
        .untilAsserted(
            () ->
                assertThatThrownBy(() -> open("log-waiting", Options.NONE))
                    .hasMessage(
                        "container \"c\" in pod \"log-waiting\" is waiting to start:"
                            + " ErrImageNeverPull"));
    SharedNode.end("log-waiting");
  }

  @Test
  void aHundredMegabytesGoThroughFewMegabytesOfMemory() throws Exception {
    SharedNode.runScript(
        "log-large",
        "yes 0123456789012345678901234567890123456789012345678901234567890123456789"
            + " | head -c 104857600",
        "\"restartPolicy\":\"Never\"");
    await()
        .atMost(Duration.ofMinutes(2))
        .until(() -> SharedNode.node().phase("log-large").equals("Succeeded"));
    CountingSocket peer = new CountingSocket();
    PodDirectory directory = SharedNode.node().parts().directory();
    FrameSocket socket = new FrameSocket();
    socket.onOpen(peer);
    LogSource.of(
            directory.find("log-large").orElseThrow(),
            new StreamRequest.Logs(
                "log-large",
                "c",
                true,
                false,
                false,
                OptionalLong.of(1_000_000),
                OptionalLong.empty(),
                OptionalLong.empty(),
                Optional.empty()),
            SharedNode.node().parts().folders(),
            directory,
            IO)
        .run(socket);
    await().atMost(Duration.ofMinutes(2)).until(peer::isOutputClosed);
    // The last million of 71 bytes each; then what head has cut.
    assertThat(peer.bytes()).isBetween(1_000_000L * 71, 1_000_001L * 71);
    assertThat(peer.largestFrame()).isLessThan(64 * 1024);
    assertThat(peer.mostAtOnce()).isEqualTo(1);
    SharedNode.end("log-large");
  }
}
