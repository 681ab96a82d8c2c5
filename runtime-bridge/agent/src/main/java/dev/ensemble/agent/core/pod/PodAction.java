package dev.ensemble.agent.core.pod;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;

/** One step towards what is wanted. Actions with different keys may overlap. */
public sealed interface PodAction {
  /** What the action works on; the plan names no second action for a key that is busy. */
  String key();

  /** Makes folders, cgroup and volumes. */
  record Prepare() implements PodAction {
    @Override
    public String key() {
      return "prepare";
    }
  }

  record CreateSandbox(int attempt) implements PodAction {
    @Override
    public String key() {
      return "sandbox";
    }
  }

  record StopSandbox(String id) implements PodAction {
    @Override
    public String key() {
      return "sandbox";
    }
  }

  record RemoveSandbox(String id) implements PodAction {
    @Override
    public String key() {
      return "sandbox";
    }
  }

  /** Removes one that the pod has outlived. */
  record CollectSandbox(String id) implements PodAction {
    @Override
    public String key() {
      return "sandbox";
    }
  }

  /** Pulls when needed, creates, starts, and runs the postStart hook. */
  record StartContainer(JsonNode container, String sandboxId, int attempt) implements PodAction {
    @Override
    public String key() {
      return "container:" + PodDefinition.nameOf(container);
    }
  }

  /** Runs the preStop hook, then stops. {@code why} is the Killing event's message. */
  record KillContainer(String name, String id, String why, Duration grace) implements PodAction {
    @Override
    public String key() {
      return "container:" + name;
    }
  }

  record RemoveContainer(String name, String id) implements PodAction {
    @Override
    public String key() {
      return "container:" + name;
    }
  }

  /** Removes volumes, folders and cgroup; the pod is gone then. */
  record CleanUp() implements PodAction {
    @Override
    public String key() {
      return "clean-up";
    }
  }
}
