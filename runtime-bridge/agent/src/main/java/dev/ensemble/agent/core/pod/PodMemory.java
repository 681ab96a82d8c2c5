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
  /** The waiting reason of a container whose configuration cannot be had. */
  public static final String CONFIG_ERROR = "CreateContainerConfigError";

  /** The least that SIGTERM gets, whatever took the rest. */
  public static final Duration GRACE_MIN = Duration.ofSeconds(2);

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

  /** What waits for ConfigMaps and Secrets is tried again at once: they may be there now. */
  public PodMemory withoutConfigWaits() {
    Map<String, Instant> later = new HashMap<>(retryAt);
    later.remove("prepare");
    Map<String, ContainerMemory> changed = new HashMap<>(containers);
    changed.replaceAll(
        (name, container) ->
            container.waiting().filter(w -> w.reason().equals(CONFIG_ERROR)).isPresent()
                ? container.withWaiting(container.waiting().get(), Optional.empty())
                : container);
    return new PodMemory(changed, busy, prepared, later, ending, startTime);
  }

  public PodMemory withPrepared(boolean ready) {
    return new PodMemory(containers, busy, ready, retryAt, ending, startTime);
  }

  /** What was said of the reason stays: a pod that failed and is deleted then has failed. */
  public PodMemory withEnding(Ending why) {
    Ending told = ending.filter(current -> !current.reason().isEmpty()).orElse(why);
    Ending both = new Ending(why.grace(), why.forget(), told.reason(), told.message(), why.since());
    return new PodMemory(containers, busy, prepared, retryAt, Optional.of(both), startTime);
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
   * @param since when it began: what ends last gets the rest of the grace
   */
  public record Ending(
      Duration grace, boolean forget, String reason, String message, Instant since) {
    /** What is left of the grace, and at least a moment unless there is none. */
    public Duration left(Instant now) {
      Duration left = grace.minus(Duration.between(since, now));
      Duration least = grace.compareTo(GRACE_MIN) < 0 ? grace : GRACE_MIN;
      return left.compareTo(least) < 0 ? least : left;
    }
  }
}
