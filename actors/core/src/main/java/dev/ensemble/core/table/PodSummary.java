package dev.ensemble.core.table;

import com.fasterxml.jackson.databind.JsonNode;
import dev.ensemble.core.object.Fields;
import java.time.Instant;
import java.util.HashSet;
import java.util.Set;

/** How a pod fares, in the few words of {@code kubectl get}: ready, status, restarts. */
final class PodSummary {
  private final JsonNode spec;
  private final JsonNode status;
  private final Set<String> sidecars = new HashSet<>();
  private int total;
  private int ready;
  private long restarts;
  private long sidecarRestarts;
  private String lastRestart = "";
  private String lastSidecarRestart = "";
  private String reason;

  private PodSummary(JsonNode pod) {
    this.spec = pod.path("spec");
    this.status = pod.path("status");
    this.total = Fields.size(spec, "containers");
    String own = Fields.text(status, "reason");
    this.reason = own.isEmpty() ? Fields.text(status, "phase") : own;
    for (JsonNode container : Fields.items(spec, "initContainers")) {
      if (Fields.text(container, "restartPolicy").equals("Always")) {
        sidecars.add(Fields.text(container, "name"));
        total++;
      }
    }
  }

  static PodSummary of(JsonNode pod) {
    PodSummary summary = new PodSummary(pod);
    summary.gates();
    boolean initializing = summary.initContainers();
    if (!initializing || summary.hasCondition("Initialized")) {
      summary.containers();
    }
    summary.deletion(pod);
    return summary;
  }

  String ready() {
    return ready + "/" + total;
  }

  String status() {
    return reason;
  }

  String restarts(Instant now) {
    return restarts == 0 || lastRestart.isEmpty()
        ? String.valueOf(restarts)
        : restarts + " (" + HumanDuration.since(lastRestart, now) + " ago)";
  }

  private void gates() {
    for (JsonNode condition : Fields.items(status, "conditions")) {
      if (Fields.text(condition, "type").equals("PodScheduled")
          && Fields.text(condition, "reason").equals("SchedulingGated")) {
        reason = "SchedulingGated";
      }
    }
  }

  private boolean hasCondition(String type) {
    for (JsonNode condition : Fields.items(status, "conditions")) {
      if (Fields.text(condition, "type").equals(type)
          && Fields.text(condition, "status").equals("True")) {
        return true;
      }
    }
    return false;
  }

  /** Whether the pod is still at its init containers; if so, the reason tells at which. */
  private boolean initContainers() {
    int position = -1;
    for (JsonNode container : Fields.items(status, "initContainerStatuses")) {
      position++;
      boolean sidecar = sidecars.contains(Fields.text(container, "name"));
      long count = Fields.number(container, "restartCount");
      restarts += count;
      lastRestart = later(lastRestart, container);
      if (sidecar) {
        sidecarRestarts += count;
        lastSidecarRestart = later(lastSidecarRestart, container);
      }
      JsonNode terminated = container.path("state").path("terminated");
      String waiting = Fields.text(container.path("state").path("waiting"), "reason");
      if (terminated.isObject() && Fields.number(terminated, "exitCode") == 0) {
        continue;
      }
      if (sidecar && Fields.flag(container, "started")) {
        if (Fields.flag(container, "ready")) {
          ready++;
        }
        continue;
      }
      if (terminated.isObject()) {
        reason = "Init:" + end(terminated);
      } else if (!waiting.isEmpty() && !waiting.equals("PodInitializing")) {
        reason = "Init:" + waiting;
      } else {
        reason = "Init:" + position + "/" + Fields.size(spec, "initContainers");
      }
      return true;
    }
    return false;
  }

  private void containers() {
    restarts = sidecarRestarts;
    lastRestart = lastSidecarRestart;
    boolean running = false;
    JsonNode statuses = status.path("containerStatuses");
    for (int i = statuses.size() - 1; i >= 0; i--) {
      JsonNode container = statuses.get(i);
      restarts += Fields.number(container, "restartCount");
      lastRestart = later(lastRestart, container);
      JsonNode state = container.path("state");
      String waiting = Fields.text(state.path("waiting"), "reason");
      if (!waiting.isEmpty()) {
        reason = waiting;
      } else if (state.path("terminated").isObject()) {
        reason = end(state.get("terminated"));
      } else if (Fields.flag(container, "ready") && state.has("running")) {
        running = true;
        ready++;
      }
    }
    if (reason.equals("Completed") && running) {
      reason = hasCondition("Ready") ? "Running" : "NotReady";
    }
  }

  private static String end(JsonNode terminated) {
    String reason = Fields.text(terminated, "reason");
    if (!reason.isEmpty()) {
      return reason;
    }
    long signal = Fields.number(terminated, "signal");
    return signal != 0 ? "Signal:" + signal : "ExitCode:" + Fields.number(terminated, "exitCode");
  }

  // Timestamps of one form, in UTC, order as their texts do.
  private static String later(String known, JsonNode container) {
    String finished = Fields.text(container.path("lastState").path("terminated"), "finishedAt");
    return finished.compareTo(known) > 0 ? finished : known;
  }

  private void deletion(JsonNode pod) {
    if (!Fields.has(pod.path("metadata"), "deletionTimestamp")) {
      return;
    }
    String phase = Fields.text(status, "phase");
    if (Fields.text(status, "reason").equals("NodeLost")) {
      reason = "Unknown";
    } else if (!phase.equals("Succeeded") && !phase.equals("Failed")) {
      reason = "Terminating";
    }
  }
}
