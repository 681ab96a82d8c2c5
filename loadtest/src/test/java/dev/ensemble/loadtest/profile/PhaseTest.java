package dev.ensemble.loadtest.profile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ensemble.loadtest.bench.Watched;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PhaseTest {
  @Test
  void threadsAreToldApartByTheKernelsNames() {
    Map<ThreadClocks.Kind, Duration> used = new EnumMap<>(ThreadClocks.Kind.class);
    ThreadClocks.add(stat("ensemble-akka.a", 30, 10), used);
    ThreadClocks.add(stat("s0-io-0) (odd", 5, 0), used);
    ThreadClocks.add(stat("C2 CompilerThre", 7, 1), used);
    ThreadClocks.add(stat("VM Thread", 2, 0), used);
    ThreadClocks.add(stat("JFR CPU Sampler", 1, 0), used);
    ThreadClocks.add(stat("VM Periodic Tas", 1, 0), used);

    assertThat(used)
        .containsExactlyInAnyOrderEntriesOf(
            Map.of(
                ThreadClocks.Kind.JAVA, Duration.ofMillis(450),
                ThreadClocks.Kind.COMPILER, Duration.ofMillis(80),
                ThreadClocks.Kind.COLLECTOR, Duration.ofMillis(20),
                ThreadClocks.Kind.RECORDER, Duration.ofMillis(10),
                ThreadClocks.Kind.MACHINE, Duration.ofMillis(10)));
  }

  @Test
  void samplesShareWhatTheJvmsOwnThreadsLeft() {
    Phase phase =
        new Phase(
            "create",
            1_000,
            new Recording.Span(Instant.EPOCH, Instant.EPOCH.plusSeconds(1)),
            new Watched.Reading(Map.of("ensemble", Duration.ofSeconds(1))),
            Map.of(
                ThreadClocks.Kind.JAVA, Duration.ofMillis(800),
                ThreadClocks.Kind.COMPILER, Duration.ofMillis(200)));
    Samples samples = new Samples();
    samples.add(AreaTest.stack("akka.actor.ActorCell.invoke"), 3);
    samples.add(AreaTest.stack("kamon.Kamon.x"), 1);

    assertThat(phase.lines(samples).stream().map(line -> line.what() + " " + line.part()))
        .containsExactly(
            "actors and futures 0.6000000000000001", "JIT compiler 0.2", "metrics 0.2");
    assertThat(phase.report(new Recording.Cut(samples, new Samples())))
        .contains(
            "create: 1000 operations, CPU ms: 1.000 ensemble; 1000.0 µs of CPU each (4 samples)")
        .contains("   60.0 %      600.0 µs  actors and futures")
        .contains("   75.0 %  akka.actor.ActorCell.invoke");
  }

  private static String stat(String name, int userTicks, int systemTicks) {
    return "42 (%s) S 1 1 1 0 -1 4194368 10 0 0 0 %d %d 0 0 20 0 50 0 100 0 0"
        .formatted(name, userTicks, systemTicks);
  }
}
