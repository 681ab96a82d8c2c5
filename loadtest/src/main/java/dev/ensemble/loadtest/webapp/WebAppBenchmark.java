package dev.ensemble.loadtest.webapp;

import com.typesafe.config.ConfigFactory;
import dev.ensemble.agent.os.Cgroups;
import dev.ensemble.loadtest.bench.Arguments;
import dev.ensemble.loadtest.bench.Benchmark;
import dev.ensemble.loadtest.bench.Spread;
import dev.ensemble.loadtest.bench.Watched;
import dev.ensemble.loadtest.client.ApiClient;
import dev.ensemble.loadtest.client.ApiConnection;
import dev.ensemble.loadtest.launch.Launcher;
import dev.ensemble.loadtest.machine.Programs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * The sample applied through the API until all its pods are Ready, in turn with the same pods made
 * by direct CRI calls. Headline: how many times as long. Needs root and containerd.
 */
public final class WebAppBenchmark implements Benchmark {
  private static final Path SAMPLE = Path.of("k8s/samples/web-app");
  private static final Path IMAGES = Path.of("target/bench-images");
  private static final Duration IMAGES_MAX = Duration.ofMinutes(15);
  private static final String CGROUP = "ensemble-direct";
  private static final double NANOS_A_MILLI = 1e6;

  @Override
  public String name() {
    return "web-app";
  }

  @Override
  public String description() {
    return "apply of the sample until all is Ready, divided by the same by direct CRI calls";
  }

  @Override
  public Result run(List<String> words) throws Exception {
    Arguments arguments = Arguments.parse(words, Set.of("warm-up-turns", "turns"));
    int warmUpTurns = arguments.number("warm-up-turns", 20);
    int turns = arguments.number("turns", 9);
    try (Launcher launcher = Launcher.apart()) {
      bringImages(launcher.data());
      launcher.up();
      try (Cri cri = new Cri(socket(launcher.data()));
          ApiClient client = new ApiClient(launcher.address());
          ApiConnection connection = client.connect()) {
        Sample sample = new Sample(SAMPLE, connection);
        warmUp(warmUpTurns, sample);
        return measure(turns, launcher.data(), cri, sample, watched(launcher));
      } finally {
        new Cgroups(Path.of("/sys/fs/cgroup"), CGROUP, 1).removeAll();
      }
    }
  }

  /** Built where the network is, and once for all runs: the launcher finds them in its folder. */
  private static void bringImages(Path data) throws IOException {
    Programs.output(
        List.of("runtime-bridge/images/build-images.sh", IMAGES.toString()), IMAGES_MAX);
    Files.createSymbolicLink(data.resolve("images"), IMAGES.toAbsolutePath());
  }

  private static Path socket(Path data) {
    return Path.of(
            ConfigFactory.parseFile(data.resolve("run/settings.conf").toFile())
                .getString("ensemble.agent.runtime.home"))
        .resolve("containerd.sock");
  }

  private static Watched watched(Launcher launcher) throws IOException {
    Map<String, ProcessHandle> processes = new LinkedHashMap<>();
    processes.put("control plane", launcher.process("control-plane"));
    processes.put("agent", launcher.process("agent"));
    processes.put("Cassandra", launcher.cassandra());
    return Watched.with(processes);
  }

  private static void warmUp(int turns, Sample sample) throws Exception {
    for (int turn = 0; turn < turns; turn++) {
      Sample.Times times = sample.apply();
      if (turn == 0) {
        System.out.printf(
            Locale.ROOT, "the first apply: %.0f ms to Ready%n", times.ready() / NANOS_A_MILLI);
      }
      sample.delete();
    }
    System.out.printf("%d turns to warm up%n", turns);
  }

  private static Result measure(int turns, Path data, Cri cri, Sample sample, Watched watched)
      throws Exception {
    List<Double> ours = new ArrayList<>();
    List<Double> direct = new ArrayList<>();
    List<Double> ratios = new ArrayList<>();
    for (int turn = 1; turn <= turns; turn++) {
      Path copies = Files.createDirectories(data.resolve("direct").resolve("" + turn));
      Watched.Reading before = watched.read();
      Sample.Times times = sample.apply();
      Watched.Reading spent = watched.read().since(before);
      List<PodCopy> pods = PodCopy.of(cri, "web-app", data.resolve("agent"), copies, CGROUP);
      sample.delete();
      double bare = direct(cri, pods);
      double ready = times.ready() / NANOS_A_MILLI;
      System.out.printf(
          Locale.ROOT,
          "turn %d: %.0f ms to Ready (pods made %.0f, bound %.0f); direct %.0f ms; ratio %.2f;"
              + " %s%n",
          turn,
          ready,
          times.made() / NANOS_A_MILLI,
          times.bound() / NANOS_A_MILLI,
          bare,
          ready / bare,
          spent.millisEach(1));
      ours.add(ready);
      direct.add(bare);
      ratios.add(ready / bare);
    }
    System.out.printf("apply to all Ready: %s ms%n", Spread.of(ours));
    System.out.printf("direct CRI calls: %s ms%n", Spread.of(direct));
    System.out.printf("ratio of each turn: %s, of %d turns%n", Spread.of(ratios), turns);
    return new Result(Spread.of(ratios).median(), "ratio");
  }

  private static double direct(Cri cri, List<PodCopy> pods) {
    if (pods.size() != Sample.PODS) {
      throw new IllegalStateException("containerd had " + pods.size() + " pods of the sample");
    }
    try (DirectPods made = new DirectPods(cri)) {
      return made.run(pods) / NANOS_A_MILLI;
    }
  }
}
