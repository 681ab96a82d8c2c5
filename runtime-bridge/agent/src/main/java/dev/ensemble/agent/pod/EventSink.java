package dev.ensemble.agent.pod;

import dev.ensemble.agent.core.pod.PodDefinition;

/** Takes what is worth a Kubernetes Event. Never blocks and never fails. */
public interface EventSink {
  /**
   * @param container its name, or empty when it concerns the pod
   */
  void emit(PodDefinition pod, String container, Severity severity, String reason, String message);

  /** The type of an Event. */
  enum Severity {
    NORMAL("Normal"),
    WARNING("Warning");

    private final String word;

    Severity(String word) {
      this.word = word;
    }

    public String word() {
      return word;
    }
  }
}
