package dev.ensemble.agent.core.pod;

import static dev.ensemble.agent.core.Fields.strings;

import com.fasterxml.jackson.databind.JsonNode;
import dev.ensemble.agent.core.Quantities;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/**
 * CPU and memory of containers and pods in the kernel's units, as the kubelet computes them.
 *
 * @param cpuShares weight, at least 2
 * @param cpuQuotaMicros per period of 100 ms; empty: no limit
 * @param memoryBytes limit; empty: none
 */
public record PodResources(long cpuShares, OptionalLong cpuQuotaMicros, OptionalLong memoryBytes) {
  public static final long CPU_PERIOD_MICROS = 100_000;
  private static final long SHARES_MIN = 2;
  private static final long SHARES_MAX = 262_144;
  private static final long QUOTA_MICROS_MIN = 1_000;

  public static PodResources ofContainer(JsonNode container) {
    Map<String, String> limits = strings(container, "resources", "limits");
    Map<String, String> requests = strings(container, "resources", "requests");
    String request = requests.getOrDefault("cpu", limits.getOrDefault("cpu", "0"));
    return new PodResources(
        shares(Quantities.milli(request)),
        limits.containsKey("cpu")
            ? OptionalLong.of(quota(Quantities.milli(limits.get("cpu"))))
            : OptionalLong.empty(),
        limits.containsKey("memory")
            ? OptionalLong.of(Quantities.value(limits.get("memory")))
            : OptionalLong.empty());
  }

  /** The pod's own cgroup: sums, limited only when every container is. */
  public static PodResources ofPod(PodDefinition pod) {
    long shares = 0;
    long cpuLimit = 0;
    long memoryLimit = 0;
    boolean cpuLimited = true;
    boolean memoryLimited = true;
    long initCpu = 0;
    long initMemory = 0;
    for (JsonNode container : counted(pod)) {
      Map<String, String> limits = strings(container, "resources", "limits");
      Map<String, String> requests = strings(container, "resources", "requests");
      shares += Quantities.milli(requests.getOrDefault("cpu", limits.getOrDefault("cpu", "0")));
      cpuLimited &= limits.containsKey("cpu");
      memoryLimited &= limits.containsKey("memory");
      cpuLimit += Quantities.milli(limits.getOrDefault("cpu", "0"));
      memoryLimit += Quantities.value(limits.getOrDefault("memory", "0"));
    }
    for (JsonNode init : pod.initContainers()) {
      Map<String, String> limits = strings(init, "resources", "limits");
      cpuLimited &= limits.containsKey("cpu");
      memoryLimited &= limits.containsKey("memory");
      initCpu = Math.max(initCpu, Quantities.milli(limits.getOrDefault("cpu", "0")));
      initMemory = Math.max(initMemory, Quantities.value(limits.getOrDefault("memory", "0")));
    }
    return new PodResources(
        shares(shares),
        cpuLimited ? OptionalLong.of(quota(Math.max(cpuLimit, initCpu))) : OptionalLong.empty(),
        memoryLimited ? OptionalLong.of(Math.max(memoryLimit, initMemory)) : OptionalLong.empty());
  }

  private static List<JsonNode> counted(PodDefinition pod) {
    List<JsonNode> all = new ArrayList<>(pod.containers());
    pod.initContainers().stream().filter(PodDefinition::isSidecar).forEach(all::add);
    return all;
  }

  private static long shares(long milliCpu) {
    return Math.min(SHARES_MAX, Math.max(SHARES_MIN, milliCpu * 1024 / 1000));
  }

  private static long quota(long milliCpu) {
    return Math.max(QUOTA_MICROS_MIN, milliCpu * CPU_PERIOD_MICROS / 1000);
  }

  /** Ephemeral containers have no resources and do not count. */
  private static List<JsonNode> withRequests(PodDefinition pod) {
    List<JsonNode> all = new ArrayList<>(pod.initContainers());
    all.addAll(pod.containers());
    return all;
  }

  /** Guaranteed, Burstable or BestEffort. */
  public static String qosClass(PodDefinition pod) {
    boolean anything = false;
    boolean guaranteed = true;
    for (JsonNode container : withRequests(pod)) {
      Map<String, String> limits = strings(container, "resources", "limits");
      Map<String, String> requests = strings(container, "resources", "requests");
      for (String resource : List.of("cpu", "memory")) {
        boolean limited = positive(limits, resource);
        anything |= limited || positive(requests, resource);
        guaranteed &=
            limited
                && Quantities.parse(requests.getOrDefault(resource, limits.get(resource)))
                        .compareTo(Quantities.parse(limits.get(resource)))
                    == 0;
      }
    }
    return !anything ? "BestEffort" : guaranteed ? "Guaranteed" : "Burstable";
  }

  private static boolean positive(Map<String, String> resources, String name) {
    return resources.containsKey(name) && Quantities.parse(resources.get(name)).signum() > 0;
  }

  /** The kubelet's oom_score_adj. */
  public static int oomScoreAdjust(PodDefinition pod, JsonNode container, long nodeMemoryBytes) {
    return switch (qosClass(pod)) {
      case "Guaranteed" -> -997;
      case "BestEffort" -> 1000;
      default -> {
        long request =
            Quantities.value(
                strings(container, "resources", "requests").getOrDefault("memory", "0"));
        long adjust = 1000 - 1000 * request / Math.max(1, nodeMemoryBytes);
        yield (int) Math.min(999, Math.max(3, adjust));
      }
    };
  }
}
