package dev.ensemble.agent.node;

import dev.ensemble.protocol.FromAgent;

/** The way to the control plane while a session is open. Never blocks; drops when it is closed. */
public interface Uplink {
  Uplink CLOSED = message -> {};

  void send(FromAgent message);
}
