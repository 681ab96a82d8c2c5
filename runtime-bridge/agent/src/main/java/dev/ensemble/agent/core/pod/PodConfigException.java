package dev.ensemble.agent.core.pod;

/**
 * What the pod asks for cannot be made, now or ever: a missing ConfigMap, a volume type that is not
 * supported. The message is shown in the pod's status and events.
 */
public final class PodConfigException extends RuntimeException {
  public PodConfigException(String message) {
    super(message);
  }
}
