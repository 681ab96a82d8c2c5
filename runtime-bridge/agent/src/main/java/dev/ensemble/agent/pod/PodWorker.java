package dev.ensemble.agent.pod;

import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.AbstractBehavior;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.javadsl.Receive;
import akka.actor.typed.javadsl.TimerScheduler;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ensemble.agent.core.pod.ContainerMemory;
import dev.ensemble.agent.core.pod.PodAction;
import dev.ensemble.agent.core.pod.PodAdmission;
import dev.ensemble.agent.core.pod.PodDefinition;
import dev.ensemble.agent.core.pod.PodFacts;
import dev.ensemble.agent.core.pod.PodMemory;
import dev.ensemble.agent.core.pod.PodMemory.Ending;
import dev.ensemble.agent.core.pod.PodPlan;
import dev.ensemble.agent.core.pod.PodReferences;
import dev.ensemble.agent.core.pod.PodSources;
import dev.ensemble.agent.core.probe.ProbeResult;
import dev.ensemble.agent.pod.EventSink.Severity;
import dev.ensemble.agent.runtime.ContainerState;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * One pod on this machine: keeps its facts and memory, begins what the plan says, reports its
 * status when it changes. Nothing here decides; nothing here blocks.
 */
public final class PodWorker extends AbstractBehavior<PodWorker.Command> {
  /** Exits of other pods' containers are among these: the slow look finds what is dropped. */
  private static final int STIRRED_MAX = 1000;

  /** What a pod's actor is told. */
  public sealed interface Command {}

  /** The pod as it is wanted now. */
  public record Desired(PodDefinition pod) implements Command {}

  /** The pod is not wanted any more, whatever its object says. */
  public record Forgotten() implements Command {}

  /** All that the runtime has of this pod, as of a look that began at {@code since}. */
  public record Observed(PodFacts facts, Instant since) implements Command {}

  /** Something happened to a container or sandbox of this pod. */
  public record Stirred(String id) implements Command {}

  /** A ConfigMap or Secret changed. */
  public record SourcesChanged() implements Command {}

  /** The session is new: say again how the pod is. */
  public record ReportAgain() implements Command {}

  /** Says the status again if the API's says otherwise about readiness, which others write too. */
  public record Compare() implements Command {}

  private record ActionEnded(Outcome outcome) implements Command {}

  private record FactsRead(UnaryOperator<PodFacts> change) implements Command {}

  private enum Wake implements Command {
    TO_ACT,
    TO_REPORT
  }

  record Refreshed(Optional<Instant> next) implements Command {}

  record ProbeDue(ProbeRound.Key key) implements Command {}

  record ProbeEnded(ProbeRound.Key key, ProbeResult result) implements Command {}

  /** Hears of the pod's status and its end. */
  public interface Listener {
    void changed(PodDefinition pod, PodFacts facts);

    void reported(PodDefinition pod, ObjectNode status);

    void ended(PodDefinition pod);
  }

  private final PodServices services;
  private final PodActions actions;
  private final Listener listener;
  private final TimerScheduler<Command> timers;
  private final ProbeRound probes;
  private final PodReport report;
  private final VolumeRefresh refresh;
  private final Map<String, StartTicket> starts = new HashMap<>();

  /** Ids that are not known yet: a container may end before its start has been heard of. */
  private final Set<String> stirred = new HashSet<>();

  private PodDefinition pod;
  private PodFacts facts;
  private PodMemory memory;
  private boolean sourcesNewer;
  private boolean removing;

  /** What was seen before this moment may be older than the facts. */
  private Instant changedAt = Instant.EPOCH;

  public static Behavior<Command> create(
      PodDefinition pod, PodFacts facts, PodServices services, Listener listener) {
    return Behaviors.setup(
        context ->
            Behaviors.withTimers(
                timers -> new PodWorker(context, timers, pod, facts, services, listener)));
  }

  private PodWorker(
      ActorContext<Command> context,
      TimerScheduler<Command> timers,
      PodDefinition pod,
      PodFacts facts,
      PodServices services,
      Listener listener) {
    super(context);
    this.timers = timers;
    this.services = services;
    this.listener = listener;
    this.pod = pod;
    this.facts = facts;
    this.actions = new PodActions(services);
    this.probes = new ProbeRound(services, timers);
    this.report = new PodReport(services, listener, pod.status());
    this.refresh = new VolumeRefresh(services, context, timers);
    // What runs has its volumes since before this agent started.
    this.memory =
        PodMemory.startingAt(pod.startTime().orElse(services.clock().instant()))
            .withPrepared(!facts.running().isEmpty());
    PodAdmission.ending(pod, facts, services.clock().instant()).ifPresent(this::end);
    memory
        .ending()
        .filter(refused -> !pod.over())
        .ifPresent(refused -> emit("", Severity.WARNING, refused.reason(), refused.message()));
    onSourcesChanged();
  }

  @Override
  public Receive<Command> createReceive() {
    return newReceiveBuilder()
        .onMessage(Desired.class, this::onDesired)
        .onMessage(Forgotten.class, message -> onForgotten())
        .onMessage(Observed.class, this::onObserved)
        .onMessage(Stirred.class, this::onStirred)
        .onMessage(FactsRead.class, this::onFactsRead)
        .onMessage(SourcesChanged.class, message -> onSourcesChanged())
        .onMessage(Refreshed.class, this::onRefreshed)
        .onMessage(ReportAgain.class, message -> onReportAgain())
        .onMessage(Compare.class, message -> onCompare())
        .onMessage(ActionEnded.class, this::onActionEnded)
        .onMessage(Wake.class, message -> step())
        .onMessage(ProbeDue.class, this::onProbeDue)
        .onMessage(ProbeEnded.class, this::onProbeEnded)
        .build();
  }

  private Behavior<Command> onDesired(Desired message) {
    boolean renamed = !message.pod().sameLabelsAndAnnotations(pod);
    pod = message.pod();
    if (renamed) {
      refresh.begin(pod, memory);
    }
    return step();
  }

  private Behavior<Command> onForgotten() {
    end(new Ending(pod.terminationGrace(), true, "", "", services.clock().instant()));
    return step();
  }

  private Behavior<Command> onObserved(Observed message) {
    if (memory.busy().isEmpty() && !removing && changedAt.isBefore(message.since())) {
      facts = services.states().complete(pod, message.facts(), facts);
      return step();
    }
    return this;
  }

  private Behavior<Command> onStirred(Stirred message) {
    Optional<ContainerState> container = facts.byId(message.id());
    if (container.isPresent()) {
      getContext()
          .pipeToSelf(
              services.states().readEnd(pod, message.id(), container.get().sandboxId()),
              (state, failure) -> new FactsRead(f -> failure == null ? f.with(state) : f));
    } else {
      if (!starts.isEmpty() && stirred.size() < STIRRED_MAX) {
        stirred.add(message.id());
      }
      facts.sandboxes().stream()
          .filter(sandbox -> sandbox.id().equals(message.id()))
          .findFirst()
          .ifPresent(
              sandbox ->
                  getContext()
                      .pipeToSelf(
                          services.runtime().sandbox(sandbox.id()),
                          (state, failure) ->
                              new FactsRead(f -> failure == null ? f.with(state) : f)));
    }
    return this;
  }

  private Behavior<Command> onFactsRead(FactsRead message) {
    if (!removing) {
      facts = message.change().apply(facts);
    }
    return step();
  }

  private Behavior<Command> onSourcesChanged() {
    memory = memory.withoutConfigWaits();
    // What is under way may have looked at the sources before they changed.
    sourcesNewer = !memory.busy().isEmpty();
    refresh.begin(pod, memory);
    return step();
  }

  private Behavior<Command> onRefreshed(Refreshed message) {
    refresh.ended(pod, message.next());
    return this;
  }

  private Behavior<Command> onReportAgain() {
    if (!removing) {
      report.always(pod, facts, memory);
    }
    return this;
  }

  private Behavior<Command> onCompare() {
    if (!removing) {
      report.ifReadinessDiffers(pod, facts, memory);
    }
    return this;
  }

  private Behavior<Command> onActionEnded(ActionEnded message) {
    Outcome outcome = message.outcome();
    changedAt = services.clock().instant();
    facts = outcome.facts().apply(facts);
    memory = outcome.memory().apply(memory.end(outcome.action().key()));
    memory = sourcesNewer ? memory.withoutConfigWaits() : memory;
    sourcesNewer &= !memory.busy().isEmpty();
    starts.remove(outcome.action().key());
    stirred.stream()
        .filter(id -> facts.byId(id).isPresent())
        .forEach(id -> getContext().getSelf().tell(new Stirred(id)));
    stirred.removeIf(id -> starts.isEmpty() || facts.byId(id).isPresent());
    if (outcome.action() instanceof PodAction.Prepare) {
      refresh.prepared(pod, memory);
    }
    if (outcome.action() instanceof PodAction.CleanUp
        && !memory.retryAt().containsKey(outcome.action().key())) {
      listener.ended(pod);
      return Behaviors.stopped();
    }
    return step();
  }

  private Behavior<Command> onProbeDue(ProbeDue message) {
    Optional<ContainerState> container = facts.byId(message.key().containerId());
    if (container.isPresent() && container.get().running() && memory.ending().isEmpty()) {
      ContainerMemory remembered = memory.container(container.get().name());
      if (probes.begins(message.key(), remembered)) {
        getContext()
            .pipeToSelf(
                probes.run(message.key(), pod, facts),
                (result, failure) ->
                    new ProbeEnded(
                        message.key(),
                        failure == null
                            ? result
                            : ProbeResult.failure(String.valueOf(failure.getMessage()))));
      }
    }
    return this;
  }

  private Behavior<Command> onProbeEnded(ProbeEnded message) {
    memory = probes.count(message.key(), message.result(), pod, memory);
    return step();
  }

  private void emit(String container, Severity severity, String reason, String message) {
    services.events().emit(pod, container, severity, reason, message);
  }

  private void end(Ending ending) {
    boolean sooner =
        memory
            .ending()
            .map(
                current ->
                    ending.grace().compareTo(current.grace()) < 0
                        || (ending.forget() && !current.forget()))
            .orElse(true);
    if (sooner) {
      // Kills under way were given more time: they are begun again with less.
      boolean shorter =
          memory.ending().filter(c -> ending.grace().compareTo(c.grace()) < 0).isPresent();
      if (shorter) {
        for (String key : memory.busy()) {
          if (key.startsWith("container:") && !starts.containsKey(key)) {
            memory = memory.end(key);
          }
        }
      }
      memory = memory.withEnding(ending);
      starts.values().forEach(StartTicket::cancel);
    }
  }

  /** Plans, reports, begins. Called after everything that changed. */
  private Behavior<Command> step() {
    Instant now = services.clock().instant();
    if (pod.deleting()) {
      end(new Ending(pod.terminationGrace(), true, "", "", now));
    }
    PodPlan.deadline(pod, memory, now)
        .ifPresent(
            ending -> {
              emit("", Severity.NORMAL, "DeadlineExceeded", ending.message());
              end(ending);
            });
    memory = probes.follow(pod, facts, memory, report.last());
    boolean ready = ready();
    PodPlan plan =
        ready
            ? PodPlan.of(pod, facts, memory, now)
            : new PodPlan(List.of(), Optional.empty(), Map.of());
    plan.backingOff().forEach(this::backOff);
    listener.changed(pod, facts);
    // Not while it is removed: the last report stands, removed containers say nothing.
    if (!removing) {
      boolean moreToCome = !plan.actions().isEmpty() || !ready;
      report.ifChanged(pod, facts, memory, moreToCome, this::wakeToReport);
    }
    plan.actions().forEach(this::begin);
    plan.wakeAt()
        .ifPresentOrElse(
            when ->
                timers.startSingleTimer(
                    Wake.TO_ACT, Wake.TO_ACT, Duration.between(now, when).plusMillis(1)),
            () -> timers.cancel(Wake.TO_ACT));
    return this;
  }

  private void wakeToReport(Duration after) {
    timers.startSingleTimer(Wake.TO_REPORT, Wake.TO_REPORT, after.plusMillis(1));
  }

  /** A new pod waits until it is known what its sources say. */
  private boolean ready() {
    PodSources sources = services.sources().get();
    return memory.ending().isPresent()
        || !facts.empty()
        || PodReferences.of(pod).stream().allMatch(sources::knows);
  }

  private void backOff(String container, ContainerMemory.Waiting waiting) {
    ContainerMemory remembered = memory.container(container);
    boolean told = remembered.waiting().filter(waiting::equals).isPresent();
    memory = memory.with(container, remembered.withWaiting(waiting, remembered.retryAt()));
    if (!told) {
      emit(
          container,
          Severity.WARNING,
          "BackOff",
          "Back-off restarting failed container " + container + " in pod " + pod.fullName());
    }
  }

  private void begin(PodAction action) {
    removing |= action instanceof PodAction.RemoveSandbox || action instanceof PodAction.CleanUp;
    StartTicket ticket = new StartTicket();
    if (action instanceof PodAction.StartContainer) {
      starts.put(action.key(), ticket);
    }
    if (action instanceof PodAction.Prepare) {
      refresh.preparing();
    }
    memory = memory.begin(action.key());
    getContext()
        .pipeToSelf(
            actions.carryOut(action, pod, facts, memory, ticket),
            (outcome, failure) ->
                new ActionEnded(failure == null ? outcome : Outcome.nothing(action)));
  }
}
