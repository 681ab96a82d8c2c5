package dev.ensemble.agent.core.pod;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What only the agent knows of a pod.
 *
 * @param containers by name
 * @param busy keys of the actions that are under way ({@link PodAction#key})
 * @param prepared volumes and folders are there
 * @param retryAt by action key: not before
 * @param ending why the pod ends, once it does
 * @param startTime when this node first saw the pod
 */
public record PodMemory(
    Map<String, ContainerMemory> containers,
    Set<String> busy,
    boolean prepared,
    Map<String, Instant> retryAt,
    Optional<Ending> ending,
    Instant startTime) {
  public PodMemory {
    containers = Map.copyOf(containers);
    busy = Set.copyOf(busy);
    retryAt = Map.copyOf(retryAt);
  }

  public static PodMemory startingAt(Instant now) {
    return new PodMemory(Map.of(), Set.of(), false, Map.of(), Optional.empty(), now);
  }

  public ContainerMemory container(String name) {
    return containers.getOrDefault(name, ContainerMemory.NONE);
  }

  public PodMemory with(String name, ContainerMemory container) {
    Map<String, ContainerMemory> changed = new HashMap<>(containers);
    changed.put(name, container);
    return new PodMemory(changed, busy, prepared, retryAt, ending, startTime);
  }

  public PodMemory begin(String key) {
    Set<String> changed = new HashSet<>(busy);
    changed.add(key);
    return new PodMemory(containers, changed, prepared, retryAt, ending, startTime);
  }

  public PodMemory end(String key) {
    Set<String> changed = new HashSet<>(busy);
    changed.remove(key);
    return new PodMemory(containers, changed, prepared, retryAt, ending, startTime);
  }

  public PodMemory retry(String key, Instant when) {
    Map<String, Instant> changed = new HashMap<>(retryAt);
    changed.put(key, when);
    return new PodMemory(containers, busy, prepared, changed, ending, startTime);
  }

  public PodMemory withPrepared(boolean ready) {
    return new PodMemory(containers, busy, ready, retryAt, ending, startTime);
  }

  public PodMemory withEnding(Ending why) {
    return new PodMemory(containers, busy, prepared, retryAt, Optional.of(why), startTime);
  }

  public PodMemory withStartTime(Instant when) {
    return new PodMemory(containers, busy, prepared, retryAt, ending, when);
  }

  /**
   * Why a pod ends on this node.
   *
   * @param grace what its containers get
   * @param forget clean up and report the end; otherwise the dead containers stay for their logs
   * @param reason status.reason, such as DeadlineExceeded; empty when it was deleted
   */
  public record Ending(Duration grace, boolean forget, String reason, String message) {}
}
