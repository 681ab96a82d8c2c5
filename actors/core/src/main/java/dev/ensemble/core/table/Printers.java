package dev.ensemble.core.table;

import com.fasterxml.jackson.databind.JsonNode;
import dev.ensemble.core.object.Fields;
import dev.ensemble.core.object.ResourceName;
import java.util.Map;

/** The printers of all kinds. */
public final class Printers {
  private static final Printer DEFAULT = KindPrinter.named().age().build();
  private static final Map<ResourceName, Printer> PRINTERS =
      Map.ofEntries(
          Map.entry(ResourceName.parse("pods"), new PodPrinter()),
          Map.entry(ResourceName.parse("services"), ServicePrinter.services()),
          Map.entry(ResourceName.parse("endpoints"), ServicePrinter.endpoints()),
          Map.entry(
              ResourceName.parse("endpointslices.discovery.k8s.io"),
              ServicePrinter.endpointSlices()),
          Map.entry(ResourceName.parse("nodes"), NodePrinter.nodes()),
          Map.entry(ResourceName.parse("events"), EventPrinter.events()),
          Map.entry(ResourceName.parse("events.events.k8s.io"), EventPrinter.events()),
          Map.entry(ResourceName.parse("namespaces"), namespaces()),
          Map.entry(ResourceName.parse("secrets"), secrets()),
          Map.entry(ResourceName.parse("configmaps"), configMaps()),
          Map.entry(ResourceName.parse("serviceaccounts"), DEFAULT),
          Map.entry(ResourceName.parse("leases.coordination.k8s.io"), leases()),
          Map.entry(ResourceName.parse("replicasets.apps"), replicaSets()),
          Map.entry(ResourceName.parse("deployments.apps"), deployments()));

  private Printers() {}

  /** Kinds that are not known here print their name and age. */
  public static Printer of(ResourceName resource) {
    return PRINTERS.getOrDefault(resource, DEFAULT);
  }

  private static Printer namespaces() {
    return KindPrinter.named()
        .text("Status", "Active or Terminating", o -> Fields.text(o.path("status"), "phase"))
        .age()
        .build();
  }

  private static Printer secrets() {
    return KindPrinter.named()
        .text("Type", "What the secret is for", o -> Fields.text(o, "type"))
        .count("Data", "string", "Number of keys", o -> Fields.size(o, "data"))
        .age()
        .build();
  }

  private static Printer configMaps() {
    return KindPrinter.named()
        .count(
            "Data",
            "string",
            "Number of keys",
            o -> Fields.size(o, "data") + Fields.size(o, "binaryData"))
        .age()
        .build();
  }

  private static Printer leases() {
    return KindPrinter.named()
        .text("Holder", "Who holds it", o -> Fields.text(o.path("spec"), "holderIdentity"))
        .age()
        .build();
  }

  private static Printer replicaSets() {
    return KindPrinter.named()
        .count("Desired", "integer", "Pods asked for", o -> spec(o, "replicas"))
        .count("Current", "integer", "Pods that there are", o -> status(o, "replicas"))
        .count("Ready", "integer", "Pods that are ready", o -> status(o, "readyReplicas"))
        .age()
        .wide("Containers", "Names of containers", o -> Cells.containers(o, "name"))
        .wide("Images", "Their images", o -> Cells.containers(o, "image"))
        .wide("Selector", "Labels of its pods", o -> Cells.selector(o.path("spec")))
        .build();
  }

  private static Printer deployments() {
    return KindPrinter.named()
        .text(
            "Ready",
            "Ready pods of those asked for",
            o -> status(o, "readyReplicas") + "/" + spec(o, "replicas"))
        .count("Up-to-date", "string", "Pods of this template", o -> status(o, "updatedReplicas"))
        .count("Available", "string", "Pods ready for long", o -> status(o, "availableReplicas"))
        .age()
        .wide("Containers", "Names of containers", o -> Cells.containers(o, "name"))
        .wide("Images", "Their images", o -> Cells.containers(o, "image"))
        .wide("Selector", "Labels of its pods", o -> Cells.selector(o.path("spec")))
        .build();
  }

  private static long spec(JsonNode object, String field) {
    return Fields.number(object.path("spec"), field);
  }

  private static long status(JsonNode object, String field) {
    return Fields.number(object.path("status"), field);
  }
}
