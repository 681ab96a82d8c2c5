package dev.ensemble.core.strategy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ensemble.core.json.JsonEquality;
import dev.ensemble.core.object.Fields;
import dev.ensemble.core.object.ResourceName;
import dev.ensemble.core.strategy.KindStrategy.Generation;
import dev.ensemble.core.strategy.KindStrategy.Status;
import java.util.Map;

/** The strategies of all kinds. */
public final class Strategies {
  private static final Strategy CUSTOM =
      KindStrategy.with(Status.PART, Generation.ON_ALL_BUT_METADATA)
          .onlyWithResourceVersion()
          .build();
  private static final Strategy CUSTOM_WITH_STATUS =
      KindStrategy.with(Status.SEPARATE, Generation.ON_ALL_BUT_METADATA)
          .onlyWithResourceVersion()
          .build();
  private static final Strategy PLAIN = KindStrategy.with(Status.NONE, Generation.NEVER).build();
  private static final Map<ResourceName, Strategy> STRATEGIES =
      Map.ofEntries(
          Map.entry(ResourceName.parse("configmaps"), PLAIN),
          Map.entry(ResourceName.parse("secrets"), PLAIN),
          Map.entry(
              ResourceName.parse("serviceaccounts"),
              KindStrategy.with(Status.NONE, Generation.NEVER).onlyWithResourceVersion().build()),
          Map.entry(
              ResourceName.parse("leases.coordination.k8s.io"),
              KindStrategy.with(Status.NONE, Generation.NEVER)
                  .createdByUpdate()
                  .onlyWithResourceVersion()
                  .build()),
          Map.entry(ResourceName.parse("events"), createdByUpdate()),
          Map.entry(ResourceName.parse("events.events.k8s.io"), createdByUpdate()),
          Map.entry(
              ResourceName.parse("endpoints"),
              KindStrategy.with(Status.NONE, Generation.NEVER)
                  .createdByUpdate()
                  .warnings(Warnings::endpoints)
                  .build()),
          Map.entry(
              ResourceName.parse("endpointslices.discovery.k8s.io"),
              KindStrategy.with(Status.NONE, Generation.ON_ALL_BUT_METADATA).build()),
          Map.entry(
              ResourceName.parse("nodes"),
              KindStrategy.with(Status.SEPARATE_BUT_ON_CREATE, Generation.NEVER).build()),
          Map.entry(
              ResourceName.parse("namespaces"),
              KindStrategy.with(Status.SEPARATE, Generation.NEVER)
                  .onCreate(Strategies::namespaceCreate)
                  .onUpdate(Strategies::namespaceUpdate)
                  .build()),
          Map.entry(
              ResourceName.parse("services"),
              KindStrategy.with(Status.SEPARATE, Generation.NEVER)
                  .createdByUpdate()
                  .onCreate(ServiceStrategy::create)
                  .onUpdate(ServiceStrategy::update)
                  .warnings(Warnings::service)
                  .build()),
          Map.entry(
              ResourceName.parse("pods"),
              KindStrategy.with(Status.SEPARATE, Generation.ON_SPEC)
                  .onCreate(PodStrategy::create)
                  .onStatus(PodStrategy::status)
                  .warnings(Warnings::pod)
                  .build()),
          Map.entry(
              ResourceName.parse("replicasets.apps"),
              KindStrategy.with(Status.SEPARATE, Generation.ON_SPEC)
                  .onCreate(object -> object.putObject("status").put("replicas", 0))
                  .warnings(Warnings::template)
                  .build()),
          Map.entry(
              ResourceName.parse("deployments.apps"),
              KindStrategy.with(Status.SEPARATE, Generation.ON_SPEC_OR_ANNOTATIONS)
                  .onCreate(object -> object.putObject("status"))
                  .onStatus(Strategies::deploymentStatus)
                  .warnings(Warnings::template)
                  .build()));

  private Strategies() {}

  /** Kinds that are not known here are treated as custom resources without subresources. */
  public static Strategy of(ResourceName resource) {
    return STRATEGIES.getOrDefault(resource, CUSTOM);
  }

  /** Custom resources whose definition has no {@code subresources.status}. */
  public static Strategy custom() {
    return CUSTOM;
  }

  /** Custom resources whose definition has {@code subresources.status}. */
  public static Strategy customWithStatus() {
    return CUSTOM_WITH_STATUS;
  }

  private static Strategy createdByUpdate() {
    return KindStrategy.with(Status.NONE, Generation.NEVER).createdByUpdate().build();
  }

  private static void namespaceCreate(ObjectNode namespace) {
    namespace.putObject("status").put("phase", "Active");
    ObjectNode spec = Fields.ensureObject(namespace, "spec");
    for (JsonNode finalizer : Fields.items(spec, "finalizers")) {
      if (finalizer.asText().equals("kubernetes")) {
        return;
      }
    }
    spec.withArray("finalizers").add("kubernetes");
  }

  private static void namespaceUpdate(ObjectNode namespace, JsonNode old) {
    SystemMetadata.copy(Fields.ensureObject(namespace, "spec"), old.path("spec"), "finalizers");
  }

  /** Only finalizers may differ: the body of {@code /finalize}. */
  public static void prepareForFinalize(ObjectNode namespace, ObjectNode old) {
    SystemMetadata.keep(namespace, old);
    SystemMetadata.copy(namespace, old, "status");
  }

  /** Only ephemeral containers may differ: the body of {@code /ephemeralcontainers}. */
  public static void prepareForEphemeralContainers(ObjectNode pod, ObjectNode old) {
    JsonNode containers = pod.path("spec").path("ephemeralContainers");
    ObjectNode spec = Fields.object(old, "spec").deepCopy();
    if (containers.isMissingNode()) {
      spec.remove("ephemeralContainers");
    } else {
      spec.set("ephemeralContainers", containers);
    }
    pod.removeAll();
    pod.setAll(old.deepCopy());
    pod.set("spec", spec);
    if (!JsonEquality.equal(spec, old.path("spec"))) {
      SystemMetadata.grow(pod, old);
    }
  }

  private static void deploymentStatus(ObjectNode deployment, JsonNode old) {
    SystemMetadata.copy(
        Fields.ensureObject(deployment, "metadata"), old.path("metadata"), "labels");
  }
}
