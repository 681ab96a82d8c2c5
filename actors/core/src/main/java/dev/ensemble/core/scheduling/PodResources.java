package dev.ensemble.core.scheduling;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashMap;
import java.util.Map;

/**
 * What a pod is charged for. Containers and sidecars run together and add up; init containers run
 * one after another, each beside the sidecars started before it, so only the largest moment counts
 * (KEP-753). Pod-level CPU, memory and huge pages replace the sum (KEP-2837); overhead comes on
 * top.
 */
final class PodResources {
  /** What a container without a request is taken to use when nodes are compared (upstream's). */
  private static final long ASSUMED_MILLI_CPU = 100;

  private static final long ASSUMED_MEMORY_BYTES = 200L * 1024 * 1024;

  private enum Missing {
    ZERO,
    ASSUMED
  }

  private PodResources() {}

  static Resources requests(JsonNode spec) {
    return total(spec, Missing.ZERO);
  }

  static Resources scoredRequests(JsonNode spec) {
    return total(spec, Missing.ASSUMED);
  }

  static boolean isSidecar(JsonNode initContainer) {
    return initContainer.path("restartPolicy").asText().equals("Always");
  }

  private static Resources total(JsonNode spec, Missing missing) {
    Resources running = Resources.NONE;
    for (JsonNode container : spec.path("containers")) {
      running = running.plus(ofContainer(container, missing));
    }
    Resources sidecars = Resources.NONE;
    Resources starting = Resources.NONE;
    for (JsonNode container : spec.path("initContainers")) {
      Resources wanted = ofContainer(container, missing);
      if (isSidecar(container)) {
        running = running.plus(wanted);
        sidecars = sidecars.plus(wanted);
        starting = starting.max(sidecars);
      } else {
        starting = starting.max(wanted.plus(sidecars));
      }
    }
    Resources all = podLevel(running.max(starting), spec.path("resources").path("requests"));
    return all.plus(Resources.read(spec.path("overhead")));
  }

  private static Resources ofContainer(JsonNode container, Missing missing) {
    JsonNode list = container.path("resources").path("requests");
    Resources wanted = Resources.read(list);
    if (missing == Missing.ZERO) {
      return wanted;
    }
    return new Resources(
        list.has("cpu") ? wanted.milliCpu() : ASSUMED_MILLI_CPU,
        list.has("memory") ? wanted.memoryBytes() : ASSUMED_MEMORY_BYTES,
        wanted.ephemeralStorageBytes(),
        wanted.others());
  }

  private static Resources podLevel(Resources sum, JsonNode podRequests) {
    ObjectNode supported = JsonNodeFactory.instance.objectNode();
    podRequests
        .fields()
        .forEachRemaining(
            entry -> {
              String name = entry.getKey();
              if (name.equals("cpu") || name.equals("memory") || name.startsWith("hugepages-")) {
                supported.set(name, entry.getValue());
              }
            });
    if (supported.isEmpty()) {
      return sum;
    }
    Resources set = Resources.read(supported);
    Map<String, Long> others = new HashMap<>(sum.others());
    others.putAll(set.others());
    return new Resources(
        supported.has("cpu") ? set.milliCpu() : sum.milliCpu(),
        supported.has("memory") ? set.memoryBytes() : sum.memoryBytes(),
        sum.ephemeralStorageBytes(),
        others);
  }
}
