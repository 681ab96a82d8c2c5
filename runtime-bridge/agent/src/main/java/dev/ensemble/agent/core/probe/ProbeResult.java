package dev.ensemble.agent.core.probe;

/** How one probe went; the message says why it failed. */
public record ProbeResult(boolean success, String message) {
  public static final ProbeResult SUCCESS = new ProbeResult(true, "");

  public static ProbeResult failure(String message) {
    return new ProbeResult(false, message);
  }
}
