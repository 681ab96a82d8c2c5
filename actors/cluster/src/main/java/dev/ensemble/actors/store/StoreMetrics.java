package dev.ensemble.actors.store;

import akka.actor.typed.ActorSystem;
import dev.ensemble.actors.entity.EntityReply;
import dev.ensemble.actors.observe.Sampling;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import kamon.Kamon;
import kamon.metric.Counter;
import kamon.metric.Gauge;

/** Commands to entities, by what became of them. */
final class StoreMetrics {
  enum Result {
    ACCEPTED,
    UNCHANGED,
    REJECTED,
    /** The journal did not confirm, or nobody answered: the change may have been made or not. */
    UNKNOWN,
    OVERLOADED;

    static Result of(EntityReply reply, Throwable failure) {
      if (failure != null || reply == EntityReply.Unknown.INSTANCE) {
        return UNKNOWN;
      }
      if (reply == EntityReply.Unchanged.INSTANCE) {
        return UNCHANGED;
      }
      return reply instanceof EntityReply.Rejected ? REJECTED : ACCEPTED;
    }
  }

  private final Map<Result, Counter> commands = new EnumMap<>(Result.class);

  StoreMetrics() {
    for (Result result : Result.values()) {
      commands.put(
          result,
          Kamon.counter("ensemble_commands_total")
              .withTag("result", result.name().toLowerCase(Locale.ROOT)));
    }
  }

  void ended(Result result) {
    commands.get(result).increment();
  }

  void watch(ActorSystem<?> system, AtomicInteger underWay) {
    Gauge gauge = Kamon.gauge("ensemble_commands_under_way").withoutTags();
    Sampling.of(system).add(() -> gauge.update(underWay.get()));
  }
}
