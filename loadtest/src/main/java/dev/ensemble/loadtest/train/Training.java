package dev.ensemble.loadtest.train;

import dev.ensemble.loadtest.api.ConfigMapLoad;
import dev.ensemble.loadtest.api.PodLists;
import dev.ensemble.loadtest.api.Watchers;
import dev.ensemble.loadtest.bench.Watched;
import dev.ensemble.loadtest.client.ApiClient;
import dev.ensemble.loadtest.client.ApiConnection;
import dev.ensemble.loadtest.client.ApiRequest;
import dev.ensemble.loadtest.client.Readiness;
import dev.ensemble.loadtest.launch.Launcher;
import dev.ensemble.loadtest.webapp.Sample;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;

/**
 * A training run in the sense of JEP 483 and JEP 515: the control plane with a simulated node does
 * a little of all that it is for while its JVM records which classes it loads and which ways
 * through its methods are taken. From that record a cache is made with which later starts compile
 * the right code at once.
 */
public final class Training {
  private static final String NAMESPACE = "training";
  private static final int SAMPLES = 40;
  private static final Duration REQUESTS = Duration.ofSeconds(15);
  private static final int PODS = 1_000;
  private static final int LISTS = 20;
  private static final int WATCHERS = 200;
  private static final Duration CHANGES = Duration.ofSeconds(5);

  private Training() {}

  /**
   * Takes a minute or two on two idle processors.
   *
   * @param record where the JVM leaves its record (an AOT configuration) when it has ended
   */
  public static void run(Path record) throws Exception {
    try (Launcher launcher = Launcher.recording(record)) {
      work(launcher);
      // Closing is a part of it: the JVM writes the record when it ends.
    }
    if (!Files.isRegularFile(record)) {
      throw new IOException("the control plane's JVM left no record in " + record);
    }
  }

  private static void work(Launcher launcher) throws Exception {
    try {
      timed("start", launcher::up);
      try (ApiClient client = new ApiClient(launcher.address())) {
        drive(client, launcher.process("control-plane"));
      }
    } catch (InterruptedException e) {
      // Nobody waits for its record.
      launcher.kill("control-plane");
      throw e;
    }
  }

  private static void drive(ApiClient client, ProcessHandle controlPlane) throws Exception {
    Watched watched = Watched.with(Map.of("control plane", controlPlane));
    try (ApiConnection connection = client.connect()) {
      Sample sample = new Sample(Path.of("k8s", "samples", "web-app"), connection);
      timed(
          "samples",
          () -> {
            for (int i = 0; i < SAMPLES; i++) {
              sample.apply();
              sample.delete();
            }
          });
      Readiness.ask(connection, ApiRequest.namespace(NAMESPACE)).expect(201);
      ConfigMapLoad load = new ConfigMapLoad(client, watched, NAMESPACE, REQUESTS, 1);
      timed("creates and gets", () -> load.warmUp(REQUESTS));
      PodLists lists = new PodLists(client, watched, NAMESPACE);
      timed("creating pods", () -> lists.create(PODS));
      timed("lists", () -> lists.lists(PODS, LISTS));
      try (Watchers watchers = new Watchers(client, watched, NAMESPACE)) {
        timed("watches", () -> watchers.run(WATCHERS, 1, CHANGES));
      }
      timed(
          "deleting the namespace",
          () -> Readiness.ask(connection, ApiRequest.delete("/api/v1/namespaces/" + NAMESPACE)));
    }
  }

  private static void timed(String what, Work work) throws Exception {
    long began = System.nanoTime();
    work.run();
    System.out.printf(Locale.ROOT, "training: %s took %.1f s%n", what, seconds(began));
  }

  private static double seconds(long began) {
    return (System.nanoTime() - began) / 1e9;
  }

  private interface Work {
    void run() throws Exception;
  }
}
