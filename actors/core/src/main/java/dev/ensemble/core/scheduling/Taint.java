package dev.ensemble.core.scheduling;

/** A node's taint. */
public record Taint(String key, String value, Effect effect) {
  /** In upstream's words NoSchedule, PreferNoSchedule, NoExecute. */
  public enum Effect {
    NO_SCHEDULE,
    PREFER_NO_SCHEDULE,
    NO_EXECUTE;

    static Effect read(String text) {
      return switch (text) {
        case "NoSchedule" -> NO_SCHEDULE;
        case "PreferNoSchedule" -> PREFER_NO_SCHEDULE;
        case "NoExecute" -> NO_EXECUTE;
        default -> throw new IllegalArgumentException("not a taint effect: '" + text + "'");
      };
    }
  }
}
