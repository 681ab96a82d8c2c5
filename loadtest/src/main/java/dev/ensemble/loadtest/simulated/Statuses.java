package dev.ensemble.loadtest.simulated;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.UUID;

/** Statuses of pods and nodes as a kubelet writes them. */
final class Statuses {
  private static final String ADDRESS = "192.0.2.1";

  private Statuses() {}

  /** The labels of the node of this number: its name, its zone of three, its platform. */
  static ObjectNode labels(int number) {
    return JsonNodeFactory.instance
        .objectNode()
        .put("kubernetes.io/hostname", name(number))
        .put("kubernetes.io/os", "linux")
        .put("kubernetes.io/arch", "amd64")
        .put("topology.kubernetes.io/zone", "zone-" + number % 3);
  }

  static String name(int number) {
    return "node-" + number;
  }

  /** 4 CPUs, 32 GiB, 110 pods; Ready. */
  static ObjectNode node(int number, Instant now) {
    ObjectNode status = JsonNodeFactory.instance.objectNode();
    for (String field : new String[] {"capacity", "allocatable"}) {
      status
          .putObject(field)
          .put("cpu", "4")
          .put("memory", "32Gi")
          .put("ephemeral-storage", "100Gi")
          .put("pods", "110");
    }
    nodeCondition(status, "MemoryPressure", "False", "KubeletHasSufficientMemory", now);
    nodeCondition(status, "DiskPressure", "False", "KubeletHasNoDiskPressure", now);
    nodeCondition(status, "PIDPressure", "False", "KubeletHasSufficientPID", now);
    nodeCondition(status, "Ready", "True", "KubeletReady", now);
    status.putArray("addresses").addObject().put("type", "InternalIP").put("address", ADDRESS);
    status.withArray("addresses").addObject().put("type", "Hostname").put("address", name(number));
    status
        .putObject("nodeInfo")
        .put("machineID", "simulated-" + number)
        .put("systemUUID", "simulated-" + number)
        .put("bootID", "simulated-" + number)
        .put("kernelVersion", "simulated")
        .put("osImage", "simulated")
        .put("containerRuntimeVersion", "simulated://1")
        .put("kubeletVersion", "v1.35.0")
        .put("kubeProxyVersion", "")
        .put("operatingSystem", "linux")
        .put("architecture", "amd64");
    return status;
  }

  private static void nodeCondition(
      ObjectNode status, String type, String value, String reason, Instant now) {
    status
        .withArray("conditions")
        .addObject()
        .put("type", type)
        .put("status", value)
        .put("lastHeartbeatTime", seconds(now))
        .put("lastTransitionTime", seconds(now))
        .put("reason", reason)
        .put("message", "simulated");
  }

  /** All containers run and are ready. */
  static ObjectNode running(JsonNode pod, String podIp, Instant since, int restarts) {
    ObjectNode status = base("Running", podIp, since);
    conditions(status, pod, true, since);
    for (JsonNode container : pod.path("spec").path("containers")) {
      ObjectNode state = container(status, container, restarts, true);
      state.putObject("state").putObject("running").put("startedAt", seconds(since));
      state.put("containerID", "simulated://" + UUID.randomUUID());
    }
    return status;
  }

  /** The containers are being made. */
  static ObjectNode creating(JsonNode pod, Instant since) {
    ObjectNode status = base("Pending", "", since);
    conditions(status, pod, false, since);
    for (JsonNode container : pod.path("spec").path("containers")) {
      container(status, container, 0, false)
          .putObject("state")
          .putObject("waiting")
          .put("reason", "ContainerCreating");
    }
    return status;
  }

  /** The containers have exited with 1; they are waited with, or stay so. */
  static ObjectNode failed(JsonNode pod, String podIp, Instant since, int restarts, boolean again) {
    ObjectNode status = base(again ? "Running" : "Failed", podIp, since);
    conditions(status, pod, false, since);
    for (JsonNode container : pod.path("spec").path("containers")) {
      ObjectNode state = container(status, container, restarts, false);
      if (again) {
        state
            .putObject("state")
            .putObject("waiting")
            .put("reason", "CrashLoopBackOff")
            .put("message", "back-off restarting failed container");
      }
      state
          .putObject(again ? "lastState" : "state")
          .putObject("terminated")
          .put("exitCode", 1)
          .put("reason", "Error")
          .put("startedAt", seconds(since))
          .put("finishedAt", seconds(since));
    }
    return status;
  }

  private static ObjectNode base(String phase, String podIp, Instant since) {
    ObjectNode status = JsonNodeFactory.instance.objectNode();
    status.put("phase", phase).put("hostIP", ADDRESS);
    status.putArray("hostIPs").addObject().put("ip", ADDRESS);
    if (!podIp.isEmpty()) {
      status.put("podIP", podIp);
      status.putArray("podIPs").addObject().put("ip", podIp);
    }
    status.put("startTime", seconds(since));
    return status;
  }

  private static void conditions(ObjectNode status, JsonNode pod, boolean ready, Instant since) {
    boolean sandbox = status.has("podIP");
    condition(status, "PodReadyToStartContainers", sandbox, since);
    condition(status, "Initialized", true, since);
    condition(status, "Ready", ready, since);
    condition(status, "ContainersReady", ready, since);
    // A plain client's patch leaves this one alone; an agent's report may not write it.
    for (JsonNode present : pod.path("status").path("conditions")) {
      if (present.path("type").asText().equals("PodScheduled")) {
        status.withArray("conditions").add(present.deepCopy());
      }
    }
  }

  private static void condition(ObjectNode status, String type, boolean holds, Instant since) {
    ObjectNode condition =
        status
            .withArray("conditions")
            .addObject()
            .put("type", type)
            .put("status", holds ? "True" : "False")
            .put("lastTransitionTime", seconds(since));
    if (!holds && type.endsWith("Ready")) {
      condition
          .put("reason", "ContainersNotReady")
          .put("message", "containers with unready status");
    }
  }

  private static ObjectNode container(
      ObjectNode status, JsonNode container, int restarts, boolean runs) {
    return status
        .withArray("containerStatuses")
        .addObject()
        .put("name", container.path("name").asText())
        .put("image", container.path("image").asText())
        .put("imageID", runs ? "simulated://" + container.path("image").asText() : "")
        .put("ready", runs)
        .put("started", runs)
        .put("restartCount", restarts);
  }

  static String seconds(Instant time) {
    return time.truncatedTo(ChronoUnit.SECONDS).toString();
  }
}
