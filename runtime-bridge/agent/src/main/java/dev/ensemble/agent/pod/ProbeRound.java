package dev.ensemble.agent.pod;

import static dev.ensemble.agent.core.Fields.flag;
import static dev.ensemble.agent.core.Fields.list;
import static dev.ensemble.agent.core.Fields.text;
import static dev.ensemble.agent.core.pod.PodDefinition.nameOf;

import akka.actor.typed.javadsl.TimerScheduler;
import com.fasterxml.jackson.databind.JsonNode;
import dev.ensemble.agent.core.pod.ContainerMemory;
import dev.ensemble.agent.core.pod.PodDefinition;
import dev.ensemble.agent.core.pod.PodFacts;
import dev.ensemble.agent.core.pod.PodMemory;
import dev.ensemble.agent.core.probe.ProbeResult;
import dev.ensemble.agent.core.probe.ProbeSpec;
import dev.ensemble.agent.core.probe.ProbeSpec.Kind;
import dev.ensemble.agent.core.probe.ProbeTally;
import dev.ensemble.agent.pod.EventSink.Severity;
import dev.ensemble.agent.runtime.ContainerState;
import dev.ensemble.agent.runtime.SandboxState;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;

/**
 * The probes of one pod's running containers: their timers and tallies, and what they do to the
 * pod's memory. Used by the pod's actor only.
 */
final class ProbeRound {
  /** One probe of one incarnation of a container. */
  record Key(String containerId, Kind kind) {}

  private record Entry(String container, JsonNode definition, ProbeSpec spec, ProbeTally tally) {}

  private final PodServices services;
  private final TimerScheduler<PodWorker.Command> timers;
  private final Map<Key, Entry> entries = new HashMap<>();
  private final Set<Key> underWay = new HashSet<>();

  ProbeRound(PodServices services, TimerScheduler<PodWorker.Command> timers) {
    this.services = services;
    this.timers = timers;
  }

  /** Begins the probes of containers that run since, ends those of containers that do not. */
  PodMemory follow(PodDefinition pod, PodFacts facts, PodMemory memory, JsonNode reported) {
    PodMemory result = memory;
    for (JsonNode container : pod.allContainers()) {
      String name = nameOf(container);
      Optional<ContainerState> running = facts.current(name).filter(ContainerState::running);
      if (running.isPresent() && !memory.container(name).containerId().equals(running.get().id())) {
        result = begin(container, running.get(), result, reported);
      }
    }
    List<Key> over = new ArrayList<>();
    for (Key key : entries.keySet()) {
      if (facts.byId(key.containerId()).filter(ContainerState::running).isEmpty()
          || memory.ending().isPresent()) {
        over.add(key);
      }
    }
    over.forEach(this::stop);
    return result;
  }

  /** A container that ran before the agent did keeps the verdicts that were reported. */
  private PodMemory begin(
      JsonNode container, ContainerState running, PodMemory memory, JsonNode reported) {
    String name = nameOf(container);
    Optional<JsonNode> before = before(reported, running.id());
    Optional<ProbeSpec> startup = ProbeSpec.of(container, Kind.STARTUP);
    Optional<ProbeSpec> readiness = ProbeSpec.of(container, Kind.READINESS);
    boolean started =
        startup.isEmpty() || before.filter(status -> flag(status, "started")).isPresent();
    boolean ready =
        readiness.isEmpty() || before.filter(status -> flag(status, "ready")).isPresent();
    for (Kind kind : Kind.values()) {
      boolean passed = kind == Kind.STARTUP && started;
      ProbeSpec.of(container, kind)
          .filter(spec -> !passed)
          .ifPresent(spec -> schedule(container, running, spec));
    }
    return memory.with(name, memory.container(name).running(running.id(), started, ready));
  }

  private static Optional<JsonNode> before(JsonNode reported, String containerId) {
    for (String field : List.of("containerStatuses", "initContainerStatuses")) {
      for (JsonNode status : list(reported, field)) {
        if (text(status, "containerID").endsWith("//" + containerId)) {
          return Optional.of(status);
        }
      }
    }
    return Optional.empty();
  }

  private void schedule(JsonNode container, ContainerState running, ProbeSpec spec) {
    Key key = new Key(running.id(), spec.kind());
    entries.put(key, new Entry(nameOf(container), container, spec, ProbeTally.NONE));
    Instant first = running.startedAt().orElse(Instant.EPOCH).plus(spec.initialDelay());
    Duration delay = Duration.between(services.clock().instant(), first);
    timers.startTimerWithFixedDelay(
        key,
        new PodWorker.ProbeDue(key),
        delay.isNegative() ? Duration.ZERO : delay,
        spec.period());
  }

  private void stop(Key key) {
    timers.cancel(key);
    entries.remove(key);
  }

  /** Others wait until the startup probe has succeeded; one at a time. */
  boolean begins(Key key, ContainerMemory memory) {
    return entries.containsKey(key)
        && (key.kind() == Kind.STARTUP || memory.started())
        && memory.condemned().isEmpty()
        && underWay.add(key);
  }

  CompletionStage<ProbeResult> run(Key key, PodDefinition pod, PodFacts facts) {
    Entry entry = entries.get(key);
    List<String> ips =
        pod.hostNetwork()
            ? services.sources().get().node().hostIps()
            : facts.readySandbox().map(SandboxState::ips).orElse(List.of());
    return services
        .prober()
        .probe(
            entry.spec(),
            entry.definition(),
            key.containerId(),
            ips.isEmpty() ? "127.0.0.1" : ips.get(0));
  }

  PodMemory count(Key key, ProbeResult result, PodDefinition pod, PodMemory memory) {
    underWay.remove(key);
    Entry entry = entries.get(key);
    if (entry == null
        || !memory.container(entry.container()).containerId().equals(key.containerId())) {
      return memory;
    }
    if (!result.success()) {
      services
          .events()
          .emit(
              pod,
              entry.container(),
              Severity.WARNING,
              "Unhealthy",
              key.kind().word() + " probe failed: " + HttpActions.shortened(result.message()));
    }
    ProbeTally tally = entry.tally().count(entry.spec(), result);
    entries.put(key, new Entry(entry.container(), entry.definition(), entry.spec(), tally));
    if (tally.verdict().isEmpty()) {
      return memory;
    }
    return judge(key, entry, tally.verdict().get(), memory);
  }

  private PodMemory judge(Key key, Entry entry, boolean healthy, PodMemory memory) {
    String name = entry.container();
    ContainerMemory container = memory.container(name);
    if (key.kind() == Kind.READINESS) {
      return memory.with(name, container.withProbes(container.started(), healthy));
    }
    if (!healthy) {
      return memory.with(
          name,
          container.withCondemned(
              new ContainerMemory.Condemned(
                  "Container "
                      + name
                      + " failed "
                      + (key.kind() == Kind.STARTUP ? "startup" : "liveness")
                      + " probe, will be restarted",
                  entry.spec().terminationGrace())));
    }
    if (key.kind() == Kind.STARTUP) {
      stop(key);
      return memory.with(name, container.withProbes(true, container.ready()));
    }
    return memory;
  }
}
