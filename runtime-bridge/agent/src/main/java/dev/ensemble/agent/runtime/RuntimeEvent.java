package dev.ensemble.agent.runtime;

/** Something that happened to a container's (or sandbox's) first process. */
public record RuntimeEvent(String containerId, Kind kind) {
  /** What happened. */
  public enum Kind {
    STARTED,
    EXITED,
    OOM_KILLED
  }
}
