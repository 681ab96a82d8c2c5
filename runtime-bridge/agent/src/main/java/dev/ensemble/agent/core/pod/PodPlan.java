package dev.ensemble.agent.core.pod;

import static dev.ensemble.agent.core.Fields.has;
import static dev.ensemble.agent.core.pod.PodDefinition.isSidecar;
import static dev.ensemble.agent.core.pod.PodDefinition.nameOf;

import com.fasterxml.jackson.databind.JsonNode;
import dev.ensemble.agent.core.pod.ContainerMemory.Condemned;
import dev.ensemble.agent.core.pod.ContainerMemory.Waiting;
import dev.ensemble.agent.core.pod.PodDefinition.RestartPolicy;
import dev.ensemble.agent.core.pod.PodMemory.Ending;
import dev.ensemble.agent.runtime.ContainerState;
import dev.ensemble.agent.runtime.Labels;
import dev.ensemble.agent.runtime.SandboxState;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What to do next for a pod: level-based, so that the same facts always lead to the same actions,
 * whatever happened before. Follows the order of the kubelet's computePodActions.
 *
 * @param actions to be begun now, none on a key that is busy
 * @param wakeAt when time alone changes the plan
 * @param backingOff containers that wait after a crash, with what their status says
 */
public record PodPlan(
    List<PodAction> actions, Optional<Instant> wakeAt, Map<String, Waiting> backingOff) {
  public PodPlan {
    actions = List.copyOf(actions);
    backingOff = Map.copyOf(backingOff);
  }

  public static PodPlan of(PodDefinition pod, PodFacts facts, PodMemory memory, Instant now) {
    PlanDraft draft = new PlanDraft(memory, now);
    if (memory.ending().isPresent()) {
      end(pod, facts, memory, memory.ending().get(), draft);
    } else if (!memory.prepared() && facts.running().isEmpty()) {
      draft.add(new PodAction.Prepare());
    } else if (facts.readySandbox().isPresent()) {
      inSandbox(pod, facts, memory, facts.readySandbox().get(), draft);
    } else {
      withoutSandbox(pod, facts, memory, draft);
    }
    if (memory.ending().isEmpty()) {
      pod.activeDeadline().ifPresent(d -> draft.wake(memory.startTime().plus(d)));
    }
    return draft.plan();
  }

  /** The end of a pod that has been active for too long. */
  public static Optional<Ending> deadline(PodDefinition pod, PodMemory memory, Instant now) {
    return pod.activeDeadline()
        .filter(d -> memory.ending().isEmpty() && !memory.startTime().plus(d).isAfter(now))
        .map(
            d ->
                new Ending(
                    pod.terminationGrace(),
                    false,
                    "DeadlineExceeded",
                    "Pod was active on the node longer than the specified deadline",
                    now));
  }

  private static void end(
      PodDefinition pod, PodFacts facts, PodMemory memory, Ending ending, PlanDraft draft) {
    List<ContainerState> running = facts.running();
    List<ContainerState> others = running.stream().filter(c -> !sidecar(pod, c.name())).toList();
    if (!others.isEmpty()) {
      others.forEach(c -> draft.add(kill(c, ending.grace())));
      return;
    }
    if (!running.isEmpty()) {
      Duration left = ending.left(draft.now());
      lastSidecar(pod, running).ifPresent(c -> draft.add(kill(c, left)));
      return;
    }
    if (!memory.busy().isEmpty()) {
      return;
    }
    Optional<SandboxState> ready = facts.readySandbox();
    if (ready.isPresent()) {
      draft.add(new PodAction.StopSandbox(ready.get().id()));
    } else if (ending.forget()) {
      facts.sandboxes().stream()
          .findFirst()
          .ifPresentOrElse(
              sandbox -> draft.add(new PodAction.RemoveSandbox(sandbox.id())),
              () -> draft.add(new PodAction.CleanUp()));
    }
  }

  private static PodAction kill(ContainerState container, Duration grace) {
    return new PodAction.KillContainer(
        container.name(), container.id(), "Stopping container " + container.name(), grace);
  }

  private static boolean sidecar(PodDefinition pod, String name) {
    return pod.initContainers().stream().anyMatch(c -> name.equals(nameOf(c)) && isSidecar(c));
  }

  /** Sidecars end after the others, the last to start first. */
  private static Optional<ContainerState> lastSidecar(
      PodDefinition pod, List<ContainerState> running) {
    List<String> order = pod.initContainers().stream().map(PodDefinition::nameOf).toList();
    return running.stream()
        .max((a, b) -> Integer.compare(order.indexOf(a.name()), order.indexOf(b.name())));
  }

  private static void withoutSandbox(
      PodDefinition pod, PodFacts facts, PodMemory memory, PlanDraft draft) {
    if (!facts.running().isEmpty()) {
      facts.running().forEach(c -> draft.add(kill(c, pod.terminationGrace())));
      return;
    }
    if (facts.nextSandboxAttempt() > 0 && !wantsAnotherSandbox(pod, facts)) {
      return;
    }
    if (memory.busy().isEmpty()) {
      draft.add(new PodAction.CreateSandbox(facts.nextSandboxAttempt()));
    }
  }

  private static boolean wantsAnotherSandbox(PodDefinition pod, PodFacts facts) {
    boolean ruled = pod.containers().stream().anyMatch(c -> has(c, "restartPolicy"));
    if (pod.restartPolicy() == RestartPolicy.NEVER && !ruled) {
      return facts.containers().isEmpty();
    }
    return facts.containers().isEmpty()
        || (!initFailed(pod, facts)
            && pod.containers().stream()
                .anyMatch(
                    c ->
                        facts
                            .latest(nameOf(c))
                            .filter(state -> !RestartRules.restarts(pod, state))
                            .isEmpty()));
  }

  private static boolean succeeded(ContainerState container) {
    return container.exited() && container.exitCode() == 0;
  }

  private static void inSandbox(
      PodDefinition pod, PodFacts facts, PodMemory memory, SandboxState sandbox, PlanDraft draft) {
    if (ended(pod, facts)) {
      Ending over = new Ending(pod.terminationGrace(), false, "", "", draft.now());
      end(pod, facts, memory, over, draft);
      return;
    }
    for (JsonNode ephemeral : pod.ephemeralContainers()) {
      if (facts.latest(nameOf(ephemeral)).isEmpty()) {
        start(pod, facts, memory, sandbox, ephemeral, draft);
      }
    }
    boolean initialized =
        pod.containers().stream().anyMatch(c -> facts.current(nameOf(c)).isPresent());
    boolean proceed = true;
    for (JsonNode init : pod.initContainers()) {
      if (isSidecar(init)) {
        proceed &= sidecarStep(pod, facts, memory, sandbox, init, draft) || initialized;
      } else if (!initialized) {
        proceed &= initStep(pod, facts, memory, sandbox, init, draft);
      }
      if (!proceed) {
        return;
      }
    }
    for (JsonNode container : pod.containers()) {
      if (!regularStep(pod, facts, memory, sandbox, container, draft)) {
        return;
      }
    }
    collectDead(pod, facts, draft);
    DeadSandboxes.collect(facts, draft);
  }

  /** All that is to run has run: nothing will be started again. */
  static boolean ended(PodDefinition pod, PodFacts facts) {
    if (initFailed(pod, facts)) {
      return true;
    }
    return pod.containers().stream()
        .allMatch(
            c ->
                facts
                    .latest(nameOf(c))
                    .filter(ContainerState::exited)
                    .filter(state -> !RestartRules.restarts(pod, state))
                    .isPresent());
  }

  static boolean initFailed(PodDefinition pod, PodFacts facts) {
    return pod.initContainers().stream()
        .filter(c -> !isSidecar(c))
        .anyMatch(
            c ->
                facts
                    .latest(nameOf(c))
                    .filter(state -> RestartRules.initFailedForGood(pod, c, state))
                    .isPresent());
  }

  /** Answers whether the next container may go on. */
  private static boolean initStep(
      PodDefinition pod,
      PodFacts facts,
      PodMemory memory,
      SandboxState sandbox,
      JsonNode init,
      PlanDraft draft) {
    Optional<ContainerState> current = facts.current(nameOf(init));
    if (current.filter(PodPlan::succeeded).isPresent()) {
      return true;
    }
    if (current.filter(ContainerState::running).isEmpty()) {
      start(pod, facts, memory, sandbox, init, draft);
    }
    return false;
  }

  private static boolean sidecarStep(
      PodDefinition pod,
      PodFacts facts,
      PodMemory memory,
      SandboxState sandbox,
      JsonNode init,
      PlanDraft draft) {
    Optional<ContainerState> running = facts.current(nameOf(init)).filter(ContainerState::running);
    if (running.isEmpty()) {
      start(pod, facts, memory, sandbox, init, draft);
      return false;
    }
    replace(pod, memory, init, running.get(), draft);
    return memory.container(nameOf(init)).started();
  }

  /** Answers whether the next container may be begun: not while a postStart hook runs. */
  private static boolean regularStep(
      PodDefinition pod,
      PodFacts facts,
      PodMemory memory,
      SandboxState sandbox,
      JsonNode container,
      PlanDraft draft) {
    String name = nameOf(container);
    Optional<ContainerState> current = facts.current(name);
    if (current.filter(ContainerState::running).isPresent()) {
      replace(pod, memory, container, current.get(), draft);
      return true;
    }
    Optional<ContainerState> latest = facts.latest(name).filter(ContainerState::exited);
    boolean over = latest.filter(state -> !RestartRules.restarts(pod, state)).isPresent();
    if (!over) {
      boolean begun = start(pod, facts, memory, sandbox, container, draft);
      return !(begun && has(container, "lifecycle", "postStart"));
    }
    return true;
  }

  private static void replace(
      PodDefinition pod,
      PodMemory memory,
      JsonNode container,
      ContainerState running,
      PlanDraft draft) {
    String name = nameOf(container);
    ContainerMemory remembered = memory.container(name);
    String hash = running.annotations().getOrDefault(Labels.CONTAINER_HASH, "");
    if (remembered.containerId().equals(running.id()) && remembered.condemned().isPresent()) {
      Condemned condemned = remembered.condemned().get();
      Duration grace = condemned.grace().orElse(pod.terminationGrace());
      draft.add(new PodAction.KillContainer(name, running.id(), condemned.why(), grace));
    } else if (!hash.isEmpty() && !hash.equals(PodDefinition.hashOf(container))) {
      draft.add(
          new PodAction.KillContainer(
              name,
              running.id(),
              "Container " + name + " definition changed, will be restarted",
              pod.terminationGrace()));
    }
  }

  private static boolean start(
      PodDefinition pod,
      PodFacts facts,
      PodMemory memory,
      SandboxState sandbox,
      JsonNode container,
      PlanDraft draft) {
    String name = nameOf(container);
    if (memory.busy().contains("container:" + name)) {
      return true;
    }
    Optional<ContainerState> current = facts.current(name);
    if (current.isPresent() && current.get().phase() == ContainerState.Phase.CREATED) {
      draft.add(new PodAction.RemoveContainer(name, current.get().id()));
      return true;
    }
    if (current.isPresent() && current.get().phase() == ContainerState.Phase.UNKNOWN) {
      draft.add(
          new PodAction.KillContainer(
              name,
              current.get().id(),
              "Container is in unknown state, try killing it before restart",
              pod.terminationGrace()));
      return true;
    }
    ContainerMemory remembered = memory.container(name);
    if (draft.delayed(remembered.retryAt())) {
      return false;
    }
    Optional<Instant> finished = current.flatMap(ContainerState::finishedAt);
    Optional<Instant> allowed =
        finished.flatMap(when -> Backoff.until(remembered.crash(), when, draft.now()));
    if (allowed.isPresent()) {
      draft.delayed(allowed);
      draft.backOff(name, crashLoop(pod, name, remembered.crash()));
      return false;
    }
    int attempt = facts.latest(name).map(state -> state.attempt() + 1).orElse(0);
    draft.add(new PodAction.StartContainer(container, sandbox.id(), attempt));
    return true;
  }

  private static Waiting crashLoop(PodDefinition pod, String name, Optional<Backoff> backoff) {
    return new Waiting(
        "CrashLoopBackOff",
        "back-off "
            + GoDuration.text(backoff.map(Backoff::delay).orElse(Backoff.INITIAL))
            + " restarting failed container="
            + name
            + " pod="
            + pod.fullName());
  }

  /** One dead container is kept for its last state and its log. */
  private static void collectDead(PodDefinition pod, PodFacts facts, PlanDraft draft) {
    Map<String, Integer> seen = new LinkedHashMap<>();
    for (ContainerState container : facts.containers()) {
      int position = seen.merge(container.name(), 1, Integer::sum);
      if (position > 2 && !container.running() && pod.container(container.name()).isPresent()) {
        draft.add(new PodAction.RemoveContainer(container.name(), container.id()));
      }
    }
  }
}
