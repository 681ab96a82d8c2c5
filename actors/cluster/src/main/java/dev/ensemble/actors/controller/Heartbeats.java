package dev.ensemble.actors.controller;

import java.time.Instant;
import java.util.Optional;

/** When nodes last gave a sign of life. In memory only; safe to ask from any thread. */
@FunctionalInterface
public interface Heartbeats {
  /** Empty when the node has not been heard of in this process. */
  Optional<Instant> lastHeard(String node);
}
