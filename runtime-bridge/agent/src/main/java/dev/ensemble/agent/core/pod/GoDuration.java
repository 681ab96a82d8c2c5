package dev.ensemble.agent.core.pod;

import java.time.Duration;

/** Durations as Kubernetes' messages write them: 10s, 2m40s, 1h0m5s. */
public final class GoDuration {
  private GoDuration() {}

  public static String text(Duration duration) {
    long seconds = duration.toSeconds();
    if (seconds == 0 && !duration.isZero()) {
      return duration.toMillis() + "ms";
    }
    String tail = seconds % 60 + "s";
    if (seconds < 60) {
      return tail;
    }
    long minutes = seconds / 60;
    return minutes < 60 ? minutes + "m" + tail : minutes / 60 + "h" + minutes % 60 + "m" + tail;
  }
}
