package dev.ensemble.actors.store;

import akka.actor.typed.ActorSystem;
import akka.cluster.sharding.typed.ClusterShardingSettings;
import akka.cluster.sharding.typed.ClusterShardingSettings.PassivationStrategySettings$;
import com.typesafe.config.Config;
import java.time.Duration;

/**
 * Settings under {@code ensemble.store}.
 *
 * @param commandTimeout how long a command may take before its outcome is called unknown
 * @param commandsMax commands under way at once; further ones are refused
 * @param idleMax an entity without commands for so long leaves memory
 * @param awakeMax so many entities are in memory at once, about; beyond it the one that was used
 *     longest ago leaves
 */
public record StoreSettings(
    Duration commandTimeout, int commandsMax, Duration idleMax, int awakeMax) {
  public static StoreSettings from(Config config) {
    return new StoreSettings(
        config.getDuration("command-timeout"),
        config.getInt("commands-max"),
        config.getDuration("idle-max"),
        config.getInt("awake-max"));
  }

  ClusterShardingSettings alwaysAwake(ActorSystem<?> system) {
    return ClusterShardingSettings.create(system)
        .withPassivationStrategy(PassivationStrategySettings$.MODULE$.disabled());
  }

  ClusterShardingSettings passive(ActorSystem<?> system) {
    return ClusterShardingSettings.create(system)
        .withPassivationStrategy(
            PassivationStrategySettings$.MODULE$
                .defaults()
                .withIdleEntityPassivation(idleMax)
                .withActiveEntityLimit(awakeMax)
                .withLeastRecentlyUsedReplacement());
  }
}
