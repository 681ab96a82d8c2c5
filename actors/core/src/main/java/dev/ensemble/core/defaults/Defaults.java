package dev.ensemble.core.defaults;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ensemble.core.object.Fields;
import dev.ensemble.core.object.ResourceName;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;

/**
 * Defaulting by kind, done whenever an object is decoded: twice does what once does. Kinds that are
 * not known here stay as they are.
 */
public final class Defaults {
  private static final Rule NONE = object -> {};
  private static final Map<ResourceName, Rule> RULES =
      Map.ofEntries(
          Map.entry(ResourceName.parse("pods"), PodDefaults::pod),
          Map.entry(ResourceName.parse("podtemplates"), PodDefaults::template),
          Map.entry(ResourceName.parse("namespaces"), Defaults::namespace),
          Map.entry(ResourceName.parse("nodes"), Defaults::node),
          Map.entry(ResourceName.parse("services"), ServiceDefaults::service),
          Map.entry(ResourceName.parse("secrets"), Defaults::secret),
          Map.entry(ResourceName.parse("endpoints"), Defaults::endpoints),
          Map.entry(ResourceName.parse("endpointslices.discovery.k8s.io"), Defaults::endpointSlice),
          Map.entry(ResourceName.parse("replicasets.apps"), Defaults::replicaSet),
          Map.entry(ResourceName.parse("deployments.apps"), Defaults::deployment));

  private static final int REVISIONS_KEPT = 10;
  private static final int PROGRESS_SECONDS = 600;

  private Defaults() {}

  /** Sets what is missing of one kind's objects. */
  @FunctionalInterface
  public interface Rule {
    void apply(ObjectNode object);
  }

  public static Rule of(ResourceName resource) {
    return RULES.getOrDefault(resource, NONE);
  }

  private static void namespace(ObjectNode object) {
    ObjectNode meta = Fields.ensureObject(object, "metadata");
    String name = Fields.text(meta, "name");
    if (!name.isEmpty()) {
      Fields.ensureObject(meta, "labels").put("kubernetes.io/metadata.name", name);
    }
    Fields.ensureObject(object, "spec");
    Fields.defaultText(Fields.ensureObject(object, "status"), "phase", "Active");
  }

  private static void node(ObjectNode object) {
    JsonNode status = object.path("status");
    if (status.has("capacity") && !status.has("allocatable")) {
      ((ObjectNode) status).set("allocatable", status.get("capacity").deepCopy());
    }
    for (String list : new String[] {"capacity", "allocatable"}) {
      Amounts.roundUp(status.path(list));
    }
  }

  /** Plain text given in {@code stringData} is only for writing: it moves into {@code data}. */
  private static void secret(ObjectNode object) {
    Fields.defaultText(object, "type", "Opaque");
    if (Fields.size(object, "stringData") > 0) {
      ObjectNode data = Fields.ensureObject(object, "data");
      for (Map.Entry<String, JsonNode> entry : Fields.entries(object, "stringData")) {
        byte[] bytes = entry.getValue().asText().getBytes(StandardCharsets.UTF_8);
        data.put(entry.getKey(), Base64.getEncoder().encodeToString(bytes));
      }
    }
    object.remove("stringData");
  }

  private static void endpoints(ObjectNode object) {
    for (JsonNode subset : Fields.items(object, "subsets")) {
      for (JsonNode port : Fields.items(subset, "ports")) {
        Fields.defaultText((ObjectNode) port, "protocol", "TCP");
      }
    }
  }

  private static void endpointSlice(ObjectNode object) {
    for (JsonNode port : Fields.items(object, "ports")) {
      if (!Fields.has(port, "name")) {
        ((ObjectNode) port).put("name", "");
      }
      Fields.defaultText((ObjectNode) port, "protocol", "TCP");
    }
  }

  private static void replicaSet(ObjectNode object) {
    ObjectNode spec = Fields.ensureObject(object, "spec");
    Fields.defaultNumber(spec, "replicas", 1);
    PodDefaults.template(spec);
  }

  private static void deployment(ObjectNode object) {
    ObjectNode spec = Fields.ensureObject(object, "spec");
    Fields.defaultNumber(spec, "replicas", 1);
    ObjectNode strategy = Fields.ensureObject(spec, "strategy");
    Fields.defaultText(strategy, "type", "RollingUpdate");
    if (Fields.text(strategy, "type").equals("RollingUpdate")) {
      ObjectNode rolling = Fields.ensureObject(strategy, "rollingUpdate");
      for (String bound : new String[] {"maxUnavailable", "maxSurge"}) {
        if (!Fields.has(rolling, bound)) {
          rolling.put(bound, "25%");
        }
      }
    }
    Fields.defaultNumber(spec, "revisionHistoryLimit", REVISIONS_KEPT);
    Fields.defaultNumber(spec, "progressDeadlineSeconds", PROGRESS_SECONDS);
    PodDefaults.template(spec);
  }
}
