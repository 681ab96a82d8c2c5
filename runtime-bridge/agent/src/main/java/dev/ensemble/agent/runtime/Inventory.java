package dev.ensemble.agent.runtime;

import java.util.List;

/** All sandboxes and containers at one moment. */
public record Inventory(List<SandboxState> sandboxes, List<ContainerState> containers) {
  public Inventory {
    sandboxes = List.copyOf(sandboxes);
    containers = List.copyOf(containers);
  }
}
