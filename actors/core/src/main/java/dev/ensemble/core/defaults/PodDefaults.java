package dev.ensemble.core.defaults;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ensemble.core.object.Fields;
import java.util.List;
import java.util.Map;

/** Pods and the specs of pods within templates, which get fewer defaults. */
final class PodDefaults {
  private static final int GRACE_SECONDS = 30;
  private static final List<String> CONTAINERS = List.of("initContainers", "containers");
  private static final List<String> PROBES =
      List.of("livenessProbe", "readinessProbe", "startupProbe");

  private PodDefaults() {}

  static void pod(ObjectNode pod) {
    ObjectNode spec = Fields.ensureObject(pod, "spec");
    spec(spec);
    for (String list : CONTAINERS) {
      for (JsonNode container : Fields.items(spec, list)) {
        requestsFromLimits((ObjectNode) container.path("resources"));
        if (Fields.flag(spec, "hostNetwork")) {
          hostPorts(container);
        }
      }
    }
    if (!Fields.has(spec, "enableServiceLinks")) {
      spec.put("enableServiceLinks", true);
    }
    PodResources.defaults(spec);
  }

  static void template(ObjectNode owner) {
    if (owner.get("template") instanceof ObjectNode template) {
      spec(Fields.ensureObject(template, "spec"));
    }
  }

  private static void spec(ObjectNode spec) {
    Fields.defaultText(spec, "dnsPolicy", "ClusterFirst");
    Fields.defaultText(spec, "restartPolicy", "Always");
    Fields.ensureObject(spec, "securityContext");
    Fields.defaultNumber(spec, "terminationGracePeriodSeconds", GRACE_SECONDS);
    Fields.defaultText(spec, "schedulerName", "default-scheduler");
    account(spec);
    for (String list : CONTAINERS) {
      for (JsonNode container : Fields.items(spec, list)) {
        ContainerDefaults.container((ObjectNode) container);
      }
    }
    for (JsonNode container : Fields.items(spec, "ephemeralContainers")) {
      ContainerDefaults.container((ObjectNode) container);
    }
    for (JsonNode volume : Fields.items(spec, "volumes")) {
      VolumeDefaults.volume((ObjectNode) volume);
    }
    Amounts.roundUp(spec.path("overhead"));
  }

  /** The old and the new name of one field are always both there. */
  static void account(ObjectNode spec) {
    String account = Fields.text(spec, "serviceAccountName");
    String deprecated = Fields.text(spec, "serviceAccount");
    if (!account.isEmpty()) {
      spec.put("serviceAccount", account);
    } else if (!deprecated.isEmpty()) {
      spec.put("serviceAccountName", deprecated);
    }
  }

  static void requestsFromLimits(ObjectNode resources) {
    if (Fields.size(resources, "limits") == 0) {
      return;
    }
    ObjectNode requests = Fields.ensureObject(resources, "requests");
    for (Map.Entry<String, JsonNode> limit : Fields.entries(resources, "limits")) {
      if (!requests.has(limit.getKey())) {
        requests.set(limit.getKey(), limit.getValue());
      }
    }
  }

  private static void hostPorts(JsonNode container) {
    for (JsonNode port : Fields.items(container, "ports")) {
      if (Fields.number(port, "hostPort") == 0) {
        Fields.putNumber((ObjectNode) port, "hostPort", Fields.number(port, "containerPort"));
      }
    }
  }

  static void probes(ObjectNode container) {
    for (String name : PROBES) {
      if (container.get(name) instanceof ObjectNode probe) {
        Fields.defaultNonZero(probe, "timeoutSeconds", 1);
        Fields.defaultNonZero(probe, "periodSeconds", 10);
        Fields.defaultNonZero(probe, "successThreshold", 1);
        Fields.defaultNonZero(probe, "failureThreshold", 3);
        handler(probe);
      }
    }
    for (String hook : List.of("postStart", "preStop")) {
      if (container.path("lifecycle").get(hook) instanceof ObjectNode handler) {
        handler(handler);
      }
    }
  }

  private static void handler(ObjectNode handler) {
    if (handler.get("httpGet") instanceof ObjectNode http) {
      Fields.defaultText(http, "path", "/");
      Fields.defaultText(http, "scheme", "HTTP");
    }
    if (handler.get("grpc") instanceof ObjectNode grpc && !Fields.has(grpc, "service")) {
      grpc.put("service", "");
    }
  }
}
