package dev.ensemble.agent.core.pod;

import dev.ensemble.agent.runtime.ContainerState;
import dev.ensemble.agent.runtime.SandboxState;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** What the runtime knows of one pod, newest first. */
public record PodFacts(List<SandboxState> sandboxes, List<ContainerState> containers) {
  public static final PodFacts NONE = new PodFacts(List.of(), List.of());

  public PodFacts {
    sandboxes =
        sandboxes.stream()
            .sorted(
                Comparator.comparing(SandboxState::attempt)
                    .thenComparing(SandboxState::createdAt)
                    .reversed())
            .toList();
    containers =
        containers.stream()
            .sorted(
                Comparator.comparing(ContainerState::attempt)
                    .thenComparing(ContainerState::createdAt)
                    .reversed())
            .toList();
  }

  public boolean empty() {
    return sandboxes.isEmpty() && containers.isEmpty();
  }

  public Optional<SandboxState> readySandbox() {
    return sandboxes.stream().filter(SandboxState::ready).findFirst();
  }

  /** The newest incarnation, in whatever sandbox. */
  public Optional<ContainerState> latest(String name) {
    return containers.stream().filter(c -> c.name().equals(name)).findFirst();
  }

  /** The newest incarnation in the sandbox that is ready. */
  public Optional<ContainerState> current(String name) {
    return readySandbox()
        .flatMap(
            sandbox ->
                containers.stream()
                    .filter(c -> c.name().equals(name) && c.sandboxId().equals(sandbox.id()))
                    .findFirst());
  }

  public Optional<ContainerState> before(ContainerState container) {
    return containers.stream()
        .filter(c -> c.name().equals(container.name()) && c.attempt() < container.attempt())
        .findFirst();
  }

  public Optional<ContainerState> byId(String id) {
    return containers.stream().filter(c -> c.id().equals(id)).findFirst();
  }

  public List<ContainerState> running() {
    return containers.stream().filter(ContainerState::running).toList();
  }

  public int nextSandboxAttempt() {
    return sandboxes.stream().mapToInt(SandboxState::attempt).max().orElse(-1) + 1;
  }

  public PodFacts with(SandboxState sandbox) {
    return new PodFacts(
        Stream.concat(
                sandboxes.stream().filter(s -> !s.id().equals(sandbox.id())), Stream.of(sandbox))
            .toList(),
        containers);
  }

  /** The sandbox is no longer ready. */
  public PodFacts withStopped(String sandboxId) {
    return sandboxes.stream()
        .filter(s -> s.id().equals(sandboxId))
        .findFirst()
        .map(
            s ->
                with(
                    new SandboxState(
                        s.id(),
                        s.podUid(),
                        s.podNamespace(),
                        s.podName(),
                        s.attempt(),
                        false,
                        s.createdAt(),
                        s.ips(),
                        s.labels(),
                        s.annotations())))
        .orElse(this);
  }

  public PodFacts with(ContainerState container) {
    return new PodFacts(
        sandboxes,
        Stream.concat(
                containers.stream().filter(c -> !c.id().equals(container.id())),
                Stream.of(container))
            .toList());
  }

  public PodFacts withoutContainer(String id) {
    return new PodFacts(sandboxes, containers.stream().filter(c -> !c.id().equals(id)).toList());
  }

  public PodFacts withoutSandbox(String id) {
    return new PodFacts(sandboxes.stream().filter(s -> !s.id().equals(id)).toList(), containers);
  }
}
