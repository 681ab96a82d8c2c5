package dev.ensemble.core.controller.node;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ensemble.core.controller.Action;
import dev.ensemble.core.controller.Conditions;
import dev.ensemble.core.controller.Note;
import dev.ensemble.core.controller.ObjectFacts;
import dev.ensemble.core.controller.Plan;
import dev.ensemble.core.controller.Reference;
import dev.ensemble.core.object.ResourceName;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Calls a node that is silent too long Unknown, and keeps the taints that follow from its
 * conditions and from {@code spec.unschedulable}.
 */
public final class NodeLifecycleReconciler {
  public static final ResourceName NODES = new ResourceName("", "nodes");
  public static final String COMPONENT = "node-controller";
  static final String NOT_READY = "node.kubernetes.io/not-ready";
  static final String UNREACHABLE = "node.kubernetes.io/unreachable";
  private static final String UNSCHEDULABLE = "node.kubernetes.io/unschedulable";

  /** Conditions that a silent node cannot vouch for. */
  private static final List<String> MONITORED =
      List.of("Ready", "MemoryPressure", "DiskPressure", "PIDPressure");

  private static final Map<String, String> PRESSURE_TAINTS =
      Map.of(
          "MemoryPressure", "node.kubernetes.io/memory-pressure",
          "DiskPressure", "node.kubernetes.io/disk-pressure",
          "PIDPressure", "node.kubernetes.io/pid-pressure",
          "NetworkUnavailable", "node.kubernetes.io/network-unavailable");

  private static final Set<String> OURS =
      Set.of(
          NOT_READY,
          UNREACHABLE,
          UNSCHEDULABLE,
          "node.kubernetes.io/memory-pressure",
          "node.kubernetes.io/disk-pressure",
          "node.kubernetes.io/pid-pressure",
          "node.kubernetes.io/network-unavailable");

  private final NodeLifecycleView view;
  private final Instant now;
  private final ObjectFacts self;
  private final List<Action> actions = new ArrayList<>();

  private NodeLifecycleReconciler(NodeLifecycleView view, Instant now) {
    this.view = view;
    this.now = now;
    self = ObjectFacts.of(NODES, view.node());
  }

  public static Plan reconcile(NodeLifecycleView view, Instant now) {
    return new NodeLifecycleReconciler(view, now).plan();
  }

  private Plan plan() {
    // A node has the grace period from our start on: we were deaf before.
    Instant heard =
        view.lastHeard()
            .filter(time -> time.isAfter(view.listeningSince()))
            .orElse(later(view.listeningSince(), self.created()));
    Instant deadline = heard.plus(view.gracePeriod());
    JsonNode status = view.node().path("status");
    if (now.isAfter(deadline)) {
      status = silent(status);
    }
    taint(status);
    return new Plan(
        actions,
        now.isAfter(deadline)
            ? Optional.empty()
            : Optional.of(Duration.between(now, deadline).plusSeconds(1)));
  }

  private static Instant later(Instant one, Instant other) {
    return one.isAfter(other) ? one : other;
  }

  private JsonNode silent(JsonNode status) {
    Conditions conditions = Conditions.of(status);
    boolean changed = false;
    for (String type : MONITORED) {
      Optional<ObjectNode> before = conditions.find(type);
      String state = before.map(found -> found.path("status").asText()).orElse("");
      if (state.equals("Unknown")) {
        continue;
      }
      changed = true;
      ObjectNode unknown =
          before
              .map(
                  found ->
                      Conditions.condition(
                              type,
                              "Unknown",
                              "NodeStatusUnknown",
                              "Kubelet stopped posting node status.")
                          .put("lastHeartbeatTime", heartbeat(found)))
              .orElseGet(
                  () ->
                      Conditions.condition(
                              type,
                              "Unknown",
                              "NodeStatusNeverUpdated",
                              "Kubelet never posted node status.")
                          .put("lastHeartbeatTime", Conditions.written(self.created())));
      conditions.put(unknown.put("lastTransitionTime", Conditions.written(now)));
      if (type.equals("Ready") && state.equals("True")) {
        actions.add(new Action.Announce(note()));
      }
    }
    if (!changed) {
      return status;
    }
    ObjectNode reported =
        status.isObject() ? status.deepCopy() : JsonNodeFactory.instance.objectNode();
    conditions.into(reported);
    actions.add(new Action.ReportStatus(self.key(), self.uid(), reported));
    return reported;
  }

  private String heartbeat(JsonNode condition) {
    return condition.path("lastHeartbeatTime").asText(Conditions.written(self.created()));
  }

  private Note note() {
    return Note.normal(
        new Reference("v1", "Node", "", self.name(), self.uid()),
        "NodeNotReady",
        "Node " + self.name() + " status is now: NodeNotReady",
        COMPONENT);
  }

  private void taint(JsonNode status) {
    ArrayNode wanted = JsonNodeFactory.instance.arrayNode();
    Map<String, JsonNode> present = new LinkedHashMap<>();
    for (JsonNode taint : view.node().path("spec").path("taints")) {
      if (OURS.contains(taint.path("key").asText())) {
        present.put(id(taint.path("key").asText(), taint.path("effect").asText()), taint);
      } else {
        wanted.add(taint);
      }
    }
    for (Map.Entry<String, String> taint : called(status)) {
      JsonNode kept = present.get(id(taint.getKey(), taint.getValue()));
      wanted.add(kept == null ? taint(taint.getKey(), taint.getValue()) : kept);
    }
    if (sameTaints(wanted)) {
      return;
    }
    ObjectNode patch = JsonNodeFactory.instance.objectNode();
    if (wanted.isEmpty()) {
      patch.putObject("spec").putNull("taints");
    } else {
      patch.putObject("spec").set("taints", wanted);
    }
    // Others taint nodes too, and a merge patch replaces the list: only this version will do.
    actions.add(0, new Action.Edit(self.key(), self.uid(), self.revision(), patch));
  }

  private boolean sameTaints(ArrayNode wanted) {
    JsonNode present = view.node().path("spec").path("taints");
    if (present.size() != wanted.size()) {
      return false;
    }
    for (JsonNode taint : wanted) {
      boolean found = false;
      for (JsonNode other : present) {
        found |= other.equals(taint);
      }
      if (!found) {
        return false;
      }
    }
    return true;
  }

  private List<Map.Entry<String, String>> called(JsonNode status) {
    List<Map.Entry<String, String>> taints = new ArrayList<>();
    String ready =
        Conditions.find(status, "Ready").map(found -> found.path("status").asText()).orElse("");
    if (ready.equals("False")) {
      taints.add(Map.entry(NOT_READY, "NoSchedule"));
      taints.add(Map.entry(NOT_READY, "NoExecute"));
    } else if (ready.equals("Unknown")) {
      taints.add(Map.entry(UNREACHABLE, "NoSchedule"));
      taints.add(Map.entry(UNREACHABLE, "NoExecute"));
    }
    for (String type : PRESSURE_TAINTS.keySet().stream().sorted().toList()) {
      if (Conditions.find(status, type)
          .filter(found -> found.path("status").asText().equals("True"))
          .isPresent()) {
        taints.add(Map.entry(PRESSURE_TAINTS.get(type), "NoSchedule"));
      }
    }
    if (view.node().path("spec").path("unschedulable").asBoolean()) {
      taints.add(Map.entry(UNSCHEDULABLE, "NoSchedule"));
    }
    return taints;
  }

  private ObjectNode taint(String key, String effect) {
    ObjectNode taint = JsonNodeFactory.instance.objectNode();
    // Eviction counts from here.
    taint.put("key", key).put("effect", effect).put("timeAdded", Conditions.written(now));
    return taint;
  }

  private static String id(String key, String effect) {
    return key + ":" + effect;
  }
}
