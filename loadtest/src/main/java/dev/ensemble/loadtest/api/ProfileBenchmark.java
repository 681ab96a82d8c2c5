package dev.ensemble.loadtest.api;

import dev.ensemble.loadtest.bench.Arguments;
import dev.ensemble.loadtest.bench.Benchmark;
import dev.ensemble.loadtest.bench.EnsembleProcess;
import dev.ensemble.loadtest.bench.Watched;
import dev.ensemble.loadtest.client.ApiClient;
import dev.ensemble.loadtest.client.ApiConnection;
import dev.ensemble.loadtest.client.ApiRequest;
import dev.ensemble.loadtest.client.Readiness;
import dev.ensemble.loadtest.profile.Phase;
import dev.ensemble.loadtest.profile.Recording;
import dev.ensemble.loadtest.profile.ThreadClocks;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Where the CPU of our control plane goes while it serves creates, gets, lists and watches, one
 * after the other, with a flight recording on. Headline: the largest part of a create.
 */
public final class ProfileBenchmark implements Benchmark {
  private static final Path FOLDER = Path.of("target", "profile");
  private static final String NAMESPACE = "profile";
  private static final int CLIENTS = 64;
  private static final Set<String> PHASES = Set.of("create", "get", "watch", "list");

  @Override
  public String name() {
    return "profile";
  }

  @Override
  public String description() {
    return "where the CPU goes: creates, gets, watches and lists with a flight recording on";
  }

  @Override
  public Result run(List<String> words) throws Exception {
    Arguments arguments =
        Arguments.parse(words, Set.of("phase", "seconds", "clients", "pods", "watchers", "heap"));
    Set<String> wanted = arguments.text("phase").map(Set::of).orElse(PHASES);
    if (!PHASES.containsAll(wanted)) {
      throw new IllegalArgumentException("--phase is one of " + new TreeSet<>(PHASES));
    }
    Path file = FOLDER.resolve(Instant.now().getEpochSecond() + ".jfr").toAbsolutePath();
    Files.createDirectories(file.getParent());
    Recording recording = new Recording(file);
    int heap = arguments.number("heap", EnsembleProcess.usualHeapMebibytes());
    List<Phase> phases = new ArrayList<>();
    try (EnsembleProcess process =
        EnsembleProcess.prepare(heap, recording.flags(Runtime.version().feature()))) {
      process.start();
      process.awaitReady();
      try (ApiClient client = new ApiClient(process.address())) {
        new Drive(arguments, process, client, phases).run(wanted);
      } catch (Exception e) {
        System.err.println(process.lastOutput());
        throw e;
      }
      process.stop();
    }
    return report(recording, phases);
  }

  private static Result report(Recording recording, List<Phase> phases) throws IOException {
    List<Recording.Cut> cuts = recording.cut(phases.stream().map(Phase::span).toList());
    for (int i = 0; i < phases.size(); i++) {
      Phase phase = phases.get(i);
      System.out.print(phase.report(cuts.get(i)));
      Path stacks =
          recording.file().resolveSibling(recording.file().getFileName() + "." + phase.name());
      Files.write(Path.of(stacks + ".folded"), cuts.get(i).cpu().folded());
      Files.write(Path.of(stacks + ".bytes.folded"), cuts.get(i).allocation().folded());
    }
    System.out.printf("%nrecording: %s (stacks for flame graphs beside it)%n", recording.file());
    Phase.Line largest = phases.get(0).lines(cuts.get(0).cpu()).get(0);
    System.out.printf("largest part of %s: %s%n", phases.get(0).name(), largest.what());
    return new Result(largest.part() * 100, "percent");
  }

  /** Asks one thing after the other. */
  private static final class Drive {
    private final Arguments arguments;
    private final EnsembleProcess process;
    private final ApiClient client;
    private final Watched watched;
    private final List<Phase> phases;
    private final Duration time;

    Drive(Arguments arguments, EnsembleProcess process, ApiClient client, List<Phase> phases) {
      this.arguments = arguments;
      this.process = process;
      this.client = client;
      this.watched = Watched.with(process.processes());
      this.phases = phases;
      this.time = Duration.ofSeconds(arguments.number("seconds", 20));
    }

    void run(Set<String> wanted) throws Exception {
      try (ApiConnection connection = client.connect()) {
        Readiness.ask(connection, ApiRequest.namespace(NAMESPACE)).expect(201);
      }
      if (wanted.contains("create") || wanted.contains("get")) {
        requests(wanted);
      }
      if (wanted.contains("watch")) {
        watches();
      }
      if (wanted.contains("list")) {
        lists();
      }
    }

    private void requests(Set<String> wanted) throws Exception {
      int clients = arguments.number("clients", CLIENTS);
      ConfigMapLoad load = new ConfigMapLoad(client, watched, NAMESPACE, time, 1);
      load.warmUp(time);
      load.creates(clients);
      if (wanted.contains("create")) {
        measure(
            "create",
            () -> {
              long before = load.requests();
              load.creates(clients);
              return load.requests() - before;
            });
      }
      if (wanted.contains("get")) {
        load.gets(clients);
        measure(
            "get",
            () -> {
              long before = load.requests();
              load.gets(clients);
              return load.requests() - before;
            });
      }
      load.forget();
    }

    private void watches() throws Exception {
      try (Watchers watchers = new Watchers(client, watched, NAMESPACE)) {
        watchers.establish(arguments.number("watchers", 1_000));
        watchers.turn(time);
        measure("watch", () -> watchers.turn(time).events());
      }
    }

    private void lists() throws Exception {
      int pods = arguments.number("pods", 10_000);
      PodLists lists = new PodLists(client, watched, NAMESPACE);
      lists.create(pods);
      int count = (int) Math.max(3, time.toSeconds());
      lists.lists(pods, count);
      measure(
          "list",
          () -> {
            lists.lists(pods, count);
            return count + 1L;
          });
    }

    private void measure(String name, Load load) throws Exception {
      ProcessHandle server = process.controlPlane();
      Watched.Reading before = watched.read();
      Map<ThreadClocks.Kind, Duration> threadsBefore = ThreadClocks.read(server);
      Instant from = Instant.now();
      long operations = load.run();
      Recording.Span span = new Recording.Span(from, Instant.now());
      Map<ThreadClocks.Kind, Duration> threads =
          ThreadClocks.between(threadsBefore, ThreadClocks.read(server));
      phases.add(new Phase(name, operations, span, watched.read().since(before), threads));
    }
  }

  /** Does something and says how often. */
  @FunctionalInterface
  private interface Load {
    long run() throws Exception;
  }
}
