package dev.ensemble.actors.store;

import akka.actor.typed.ActorSystem;
import akka.cluster.sharding.typed.ClusterShardingSettings;
import com.typesafe.config.Config;
import java.time.Duration;

/**
 * Settings under {@code ensemble.store}.
 *
 * @param commandTimeout how long a command may take before its outcome is called unknown
 * @param commandsMax commands under way at once; further ones are refused
 * @param idleMax an entity without commands for so long leaves memory
 */
public record StoreSettings(Duration commandTimeout, int commandsMax, Duration idleMax) {
  public static StoreSettings from(Config config) {
    return new StoreSettings(
        config.getDuration("command-timeout"),
        config.getInt("commands-max"),
        config.getDuration("idle-max"));
  }

  ClusterShardingSettings shardingOf(ActorSystem<?> system, Duration idle) {
    ClusterShardingSettings settings = ClusterShardingSettings.create(system);
    return idle.isZero()
        ? settings.withPassivationStrategy(
            ClusterShardingSettings.PassivationStrategySettings$.MODULE$.disabled())
        : settings.withPassivationStrategy(
            ClusterShardingSettings.PassivationStrategySettings$.MODULE$
                .defaults()
                .withIdleEntityPassivation(idle));
  }
}
