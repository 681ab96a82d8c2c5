package dev.ensemble.loadtest.simulated;

import java.util.Random;

/**
 * How pods fare on simulated nodes.
 *
 * @param startMillisMin the shortest time from learning of a pod to its containers' start
 * @param startMillisMax the longest; times between are equally likely
 * @param stopMillis how long a pod takes to end, if its grace period lets it
 * @param failing the share of starts whose containers exit with 1 at once, from 0 to 1
 * @param restartMillis the pause before a failed start is tried again; it doubles, up to 5 minutes
 */
public record Behaviour(
    int startMillisMin, int startMillisMax, int stopMillis, double failing, int restartMillis) {
  private static final int DOUBLINGS_MAX = 16;
  private static final long RESTART_MILLIS_MAX = 300_000;

  public Behaviour {
    if (startMillisMin < 0 || startMillisMax < startMillisMin || stopMillis < 0) {
      throw new IllegalArgumentException("start and stop take 0 ms or more, the longest last");
    }
    if (!(failing >= 0 && failing <= 1)) {
      throw new IllegalArgumentException("the failing share of starts is from 0 to 1");
    }
    if (restartMillis < 1) {
      throw new IllegalArgumentException("a failed start is tried again after 1 ms or more");
    }
  }

  long startMillis(Random random) {
    return random.nextInt(startMillisMin, startMillisMax + 1);
  }

  boolean fails(Random random) {
    return random.nextDouble() < failing;
  }

  long restartMillis(int restarts) {
    return Math.min(
        RESTART_MILLIS_MAX, (long) restartMillis << Math.min(DOUBLINGS_MAX, Math.max(0, restarts)));
  }
}
