package dev.ensemble.agent.pod;

import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.TimerScheduler;
import dev.ensemble.agent.core.pod.PodDefinition;
import dev.ensemble.agent.core.pod.PodMemory;
import dev.ensemble.agent.core.pod.PodReferences;
import dev.ensemble.agent.core.pod.PodSources;
import dev.ensemble.agent.core.pod.TokenProjection;
import dev.ensemble.agent.pod.EventSink.Severity;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * Writes a pod's files again when their sources change, and its tokens before they expire; one
 * round at a time. Used by the pod's actor only.
 */
final class VolumeRefresh {
  private static final String TIMER = "tokens";

  /** After a token could not be renewed. */
  private static final Duration RETRY = Duration.ofSeconds(10);

  private final PodServices services;
  private final ActorContext<PodWorker.Command> context;
  private final TimerScheduler<PodWorker.Command> timers;
  private boolean underWay;
  private boolean again;

  VolumeRefresh(
      PodServices services,
      ActorContext<PodWorker.Command> context,
      TimerScheduler<PodWorker.Command> timers) {
    this.services = services;
    this.context = context;
    this.timers = timers;
  }

  /** The files are written for the first time, which is a round too. */
  void preparing() {
    underWay = true;
  }

  /** If they could not be written, the next attempt takes what the sources say then. */
  void prepared(PodDefinition pod, PodMemory memory) {
    again &= memory.prepared();
    underWay = false;
    if (memory.prepared()) {
      ended(pod, services.tokens().renewAt(pod.uid()));
    }
  }

  /** Nothing happens before files were begun to be written, nor once the pod ends. */
  void begin(PodDefinition pod, PodMemory memory) {
    if (memory.ending().isEmpty() && (memory.prepared() || underWay)) {
      begin(pod);
    }
  }

  /** Nothing happens before it is known what the sources say. */
  private void begin(PodDefinition pod) {
    PodSources sources = services.sources().get();
    if (!PodReferences.of(pod).stream().allMatch(sources::knows)) {
      return;
    }
    if (underWay) {
      again = true;
      return;
    }
    underWay = true;
    context.pipeToSelf(
        CompletableFuture.supplyAsync(() -> write(pod, sources), services.io()),
        (next, failure) -> new PodWorker.Refreshed(failure == null ? next : Optional.empty()));
  }

  private Optional<Instant> write(PodDefinition pod, PodSources sources) {
    services
        .volumes()
        .refresh(pod, sources)
        .forEach(p -> services.events().emit(pod, "", Severity.WARNING, "FailedMount", p));
    return TokenProjection.isIn(pod) ? services.tokens().renewAt(pod.uid()) : Optional.empty();
  }

  /** The round has ended; the next one for the tokens' sake is at {@code next}. */
  void ended(PodDefinition pod, Optional<Instant> next) {
    underWay = false;
    if (again) {
      again = false;
      begin(pod);
    } else if (TokenProjection.isIn(pod)) {
      Instant now = services.clock().instant();
      Duration wait =
          next.map(when -> Duration.between(now, when))
              .filter(left -> left.compareTo(RETRY) > 0)
              .orElse(RETRY);
      timers.startSingleTimer(TIMER, new PodWorker.SourcesChanged(), wait);
    }
  }
}
