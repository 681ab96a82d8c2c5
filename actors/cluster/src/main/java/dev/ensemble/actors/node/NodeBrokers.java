package dev.ensemble.actors.node;

import akka.actor.typed.Behavior;
import dev.ensemble.actors.entity.Resident;
import dev.ensemble.actors.store.ObjectStore;
import dev.ensemble.actors.store.ResidentMessage;
import dev.ensemble.core.object.ObjectKey;
import dev.ensemble.core.scheduling.Profile;
import java.time.Clock;

/**
 * Makes the brokers of this process: the {@link Resident} of {@code nodes}. One for each process,
 * since it keeps what must outlive a broker's restart.
 */
public final class NodeBrokers implements Resident {
  private final Profile profile;
  private final BrokerSettings settings;
  private final Clock clock;
  private final Promises promises = new Promises();

  public NodeBrokers(Profile profile, BrokerSettings settings, Clock clock) {
    this.profile = profile;
    this.settings = settings;
    this.clock = clock;
  }

  @Override
  public Behavior<ResidentMessage> create(ObjectKey key, ObjectStore store) {
    return NodeBroker.create(key, store, this);
  }

  Profile profile() {
    return profile;
  }

  BrokerSettings settings() {
    return settings;
  }

  Clock clock() {
    return clock;
  }

  Promises promises() {
    return promises;
  }
}
