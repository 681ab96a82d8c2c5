package dev.ensemble.actors.observe;

import akka.actor.typed.ActorRef;
import akka.actor.typed.ActorSystem;
import akka.actor.typed.Behavior;
import akka.actor.typed.Props;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import akka.cluster.sharding.ShardRegion.ClusterShardingStats;
import akka.cluster.sharding.ShardRegion.ShardRegionStats;
import akka.cluster.sharding.typed.GetClusterShardingStats;
import akka.cluster.sharding.typed.javadsl.ClusterSharding;
import akka.cluster.sharding.typed.javadsl.EntityTypeKey;
import java.time.Duration;
import kamon.Kamon;
import kamon.metric.Gauge;

/**
 * Asks shard regions at intervals how many entities their shards hold: numbers, not names, so it
 * costs one message for each shard.
 */
public final class ShardingMetrics {
  private static final Duration ANSWER_MAX = Duration.ofSeconds(4);

  private final Gauge entities;
  private final Gauge shards;

  private interface Message {}

  private enum Ask implements Message {
    NOW
  }

  private record Answered(ClusterShardingStats stats) implements Message {}

  private ShardingMetrics(String type) {
    entities = Kamon.gauge("ensemble_sharding_entities").withTag("type", type);
    shards = Kamon.gauge("ensemble_sharding_shards").withTag("type", type);
  }

  /** Watches one type whose sharding has been started. */
  public static void watch(ActorSystem<?> system, EntityTypeKey<?> type) {
    ShardingMetrics metrics = new ShardingMetrics(type.name());
    system.systemActorOf(metrics.watcher(type), "sharding-metrics-" + type.name(), Props.empty());
  }

  private Behavior<Message> watcher(EntityTypeKey<?> type) {
    return Behaviors.setup(
        context ->
            Behaviors.withTimers(
                timers -> {
                  timers.startTimerWithFixedDelay(Ask.NOW, Duration.ZERO, Sampling.INTERVAL);
                  return answering(context, type);
                }));
  }

  private Behavior<Message> answering(ActorContext<Message> context, EntityTypeKey<?> type) {
    ClusterSharding sharding = ClusterSharding.get(context.getSystem());
    ActorRef<ClusterShardingStats> replyTo =
        context.messageAdapter(ClusterShardingStats.class, Answered::new);
    return Behaviors.receive(Message.class)
        .onMessageEquals(
            Ask.NOW,
            () -> {
              sharding.shardState().tell(new GetClusterShardingStats(type, ANSWER_MAX, replyTo));
              return Behaviors.same();
            })
        .onMessage(
            Answered.class,
            answer -> {
              seen(answer.stats());
              return Behaviors.same();
            })
        .build();
  }

  private void seen(ClusterShardingStats stats) {
    double entitiesNow = 0;
    int shardsNow = 0;
    for (ShardRegionStats region : stats.getRegions().values()) {
      for (Object inShard : region.getStats().values()) {
        entitiesNow += ((Number) inShard).doubleValue();
        shardsNow++;
      }
    }
    entities.update(entitiesNow);
    shards.update(shardsNow);
  }
}
