package dev.ensemble.agent.node;

import static dev.ensemble.agent.core.Fields.text;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ensemble.agent.AgentSettings;
import dev.ensemble.agent.core.Fields;
import dev.ensemble.agent.core.pod.Timestamps;
import dev.ensemble.agent.runtime.ImageState;
import dev.ensemble.agent.runtime.PodRuntime.RuntimeHealth;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The Node's status from the machine, the runtime and its images. */
final class NodeStatus {
  static final String KUBELET_VERSION = "v1.35.0";

  /** As the kubelet's default. */
  private static final int IMAGES_MAX = 50;

  private static final long MEMORY_AVAILABLE_MIN_BYTES = 100L << 20;

  private NodeStatus() {}

  static ObjectNode of(
      AgentSettings settings,
      String address,
      MachineFacts machine,
      Optional<RuntimeHealth> health,
      List<ImageState> images,
      JsonNode previous,
      Instant now) {
    ObjectNode status = Fields.object();
    resources(status.putObject("capacity"), settings, machine, 0, 0);
    resources(
        status.putObject("allocatable"),
        settings,
        machine,
        settings.reservedCpuMilli(),
        settings.reservedMemoryBytes());
    Conditions conditions = new Conditions(status, previous, now);
    conditions.add(
        "MemoryPressure",
        machine.memoryAvailableBytes() < MEMORY_AVAILABLE_MIN_BYTES,
        "KubeletHasInsufficientMemory",
        "kubelet has insufficient memory available",
        "KubeletHasSufficientMemory",
        "kubelet has sufficient memory available");
    conditions.add(
        "DiskPressure",
        machine.diskAvailableBytes() < machine.diskBytes() / 10,
        "KubeletHasDiskPressure",
        "kubelet has disk pressure",
        "KubeletHasNoDiskPressure",
        "kubelet has no disk pressure");
    conditions.add(
        "PIDPressure",
        machine.pids() > machine.pidsMax() * 9 / 10,
        "KubeletHasInsufficientPID",
        "kubelet has insufficient PID available",
        "KubeletHasSufficientPID",
        "kubelet has sufficient PID available");
    Optional<String> problem =
        health.isEmpty()
            ? Optional.of("container runtime is down")
            : health.get().runtimeProblem().or(() -> health.get().networkProblem());
    conditions.add(
        "Ready",
        problem.isEmpty(),
        "KubeletReady",
        "kubelet is posting ready status",
        "KubeletNotReady",
        problem.orElse(""));
    status.withArray("addresses").addObject().put("type", "InternalIP").put("address", address);
    status
        .withArray("addresses")
        .addObject()
        .put("type", "Hostname")
        .put("address", settings.nodeName());
    info(status.putObject("nodeInfo"), machine, health);
    images(status, images);
    return status;
  }

  private static void resources(
      ObjectNode json,
      AgentSettings settings,
      MachineFacts machine,
      long reservedCpuMilli,
      long reservedMemory) {
    long milli = machine.cpus() * 1000L - reservedCpuMilli;
    json.put("cpu", milli % 1000 == 0 ? Long.toString(milli / 1000) : milli + "m");
    json.put("ephemeral-storage", machine.diskBytes() / 1024 + "Ki");
    json.put("memory", (machine.memoryBytes() - reservedMemory) / 1024 + "Ki");
    json.put("pods", Integer.toString(settings.podsMax()));
  }

  private static void info(ObjectNode json, MachineFacts machine, Optional<RuntimeHealth> health) {
    json.put("machineID", machine.machineId());
    json.put("systemUUID", machine.systemUuid());
    json.put("bootID", machine.bootId());
    json.put("kernelVersion", machine.kernel());
    json.put("osImage", machine.osImage());
    json.put(
        "containerRuntimeVersion",
        health.map(h -> h.name() + "://" + h.version()).orElse("containerd://unknown"));
    json.put("kubeletVersion", KUBELET_VERSION);
    json.put("kubeProxyVersion", "");
    json.put("operatingSystem", "linux");
    json.put("architecture", machine.architecture());
  }

  private static void images(ObjectNode status, List<ImageState> images) {
    images.stream()
        .sorted(Comparator.comparingLong(ImageState::sizeBytes).reversed())
        .limit(IMAGES_MAX)
        .forEach(
            image -> {
              ObjectNode json = status.withArray("images").addObject();
              Stream.concat(image.digests().stream(), image.tags().stream())
                  .forEach(json.withArray("names")::add);
              json.put("sizeBytes", image.sizeBytes());
            });
  }

  /** The same status, said once more. */
  static ObjectNode heardAt(ObjectNode status, Instant now) {
    ObjectNode copy = status.deepCopy();
    for (JsonNode condition : copy.path("conditions")) {
      ((ObjectNode) condition).put("lastHeartbeatTime", Timestamps.seconds(now));
    }
    return copy;
  }

  /** Whether two statuses say the same, times of heartbeats aside. */
  static boolean same(JsonNode one, JsonNode other) {
    return comparable(one).equals(comparable(other));
  }

  private static JsonNode comparable(JsonNode status) {
    JsonNode copy = status.deepCopy();
    for (JsonNode condition : copy.path("conditions")) {
      ((ObjectNode) condition).remove("lastHeartbeatTime");
    }
    return copy;
  }

  private record Conditions(ObjectNode status, JsonNode previous, Instant now) {
    void add(
        String type,
        boolean holds,
        String reasonTrue,
        String messageTrue,
        String reasonFalse,
        String messageFalse) {
      String word = holds ? "True" : "False";
      String since =
          Fields.list(previous, "conditions").stream()
              .filter(c -> text(c, "type").equals(type) && text(c, "status").equals(word))
              .map(c -> text(c, "lastTransitionTime"))
              .findFirst()
              .orElse(Timestamps.seconds(now));
      status
          .withArray("conditions")
          .addObject()
          .put("type", type)
          .put("status", word)
          .put("lastHeartbeatTime", Timestamps.seconds(now))
          .put("lastTransitionTime", since)
          .put("reason", holds ? reasonTrue : reasonFalse)
          .put("message", holds ? messageTrue : messageFalse);
    }
  }
}
