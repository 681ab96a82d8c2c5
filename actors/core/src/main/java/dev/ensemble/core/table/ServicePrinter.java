package dev.ensemble.core.table;

import com.fasterxml.jackson.databind.JsonNode;
import dev.ensemble.core.object.Fields;
import java.util.ArrayList;
import java.util.List;

/** Services, Endpoints and EndpointSlices. */
final class ServicePrinter {
  private ServicePrinter() {}

  static Printer services() {
    return KindPrinter.named()
        .text("Type", "How the service is exposed", o -> Fields.text(o.path("spec"), "type"))
        .text("Cluster-IP", "The service's first address in the cluster", ServicePrinter::clusterIp)
        .text("External-IP", "Addresses for clients outside", ServicePrinter::externalIp)
        .text(
            "Port(s)",
            "Ports, with their node port and protocol",
            o -> Cells.orNone(Cells.joined(o.path("spec"), "ports", ServicePrinter::port)))
        .age()
        .wide(
            "Selector",
            "Labels of the pods behind it",
            o -> Cells.labels(Fields.object(o.path("spec"), "selector")))
        .build();
  }

  private static String clusterIp(JsonNode service) {
    String first = service.path("spec").path("clusterIPs").path(0).asText();
    return Cells.orNone(first.isEmpty() ? Fields.text(service.path("spec"), "clusterIP") : first);
  }

  private static String port(JsonNode port) {
    long nodePort = Fields.number(port, "nodePort");
    return Fields.number(port, "port")
        + (nodePort > 0 ? ":" + nodePort : "")
        + "/"
        + Fields.text(port, "protocol");
  }

  private static String externalIp(JsonNode service) {
    JsonNode spec = service.path("spec");
    String own = Cells.joined(spec, "externalIPs", JsonNode::asText);
    return switch (Fields.text(spec, "type")) {
      case "ClusterIP", "NodePort" -> Cells.orNone(own);
      case "LoadBalancer" -> balancer(service, own);
      case "ExternalName" -> Fields.text(spec, "externalName");
      default -> HumanDuration.UNKNOWN;
    };
  }

  private static String balancer(JsonNode service, String own) {
    String given =
        Cells.joined(
            service.path("status").path("loadBalancer"),
            "ingress",
            ingress -> {
              String ip = Fields.text(ingress, "ip");
              return ip.isEmpty() ? Fields.text(ingress, "hostname") : ip;
            });
    if (given.isEmpty()) {
      return own.isEmpty() ? "<pending>" : own;
    }
    return own.isEmpty() ? given : given + "," + own;
  }

  static Printer endpoints() {
    return KindPrinter.named()
        .text("Endpoints", "Addresses that are ready", ServicePrinter::addresses)
        .age()
        .build();
  }

  private static String addresses(JsonNode endpoints) {
    if (Fields.size(endpoints, "subsets") == 0) {
      return Cells.NONE;
    }
    List<String> parts = new ArrayList<>();
    for (JsonNode subset : Fields.items(endpoints, "subsets")) {
      if (Fields.size(subset, "ports") == 0) {
        for (JsonNode address : Fields.items(subset, "addresses")) {
          parts.add(Fields.text(address, "ip"));
        }
      }
      for (JsonNode port : Fields.items(subset, "ports")) {
        for (JsonNode address : Fields.items(subset, "addresses")) {
          String ip = Fields.text(address, "ip");
          String host = ip.indexOf(':') >= 0 ? "[" + ip + "]" : ip;
          parts.add(host + ":" + Fields.number(port, "port"));
        }
      }
    }
    return Cells.firstThree(parts);
  }

  static Printer endpointSlices() {
    return KindPrinter.named()
        .text("AddressType", "Kind of addresses", o -> Fields.text(o, "addressType"))
        .text("Ports", "Ports of every endpoint", ServicePrinter::slicePorts)
        .text("Endpoints", "Addresses", ServicePrinter::sliceAddresses)
        .age()
        .build();
  }

  private static String slicePorts(JsonNode slice) {
    List<String> parts = new ArrayList<>();
    for (JsonNode port : Fields.items(slice, "ports")) {
      if (Fields.has(port, "port")) {
        parts.add(String.valueOf(Fields.number(port, "port")));
      } else {
        parts.add(Fields.has(port, "name") ? Fields.text(port, "name") : "*");
      }
    }
    return orUnset(Cells.firstThree(parts));
  }

  private static String sliceAddresses(JsonNode slice) {
    List<String> parts = new ArrayList<>();
    for (JsonNode endpoint : Fields.items(slice, "endpoints")) {
      Fields.items(endpoint, "addresses").forEach(address -> parts.add(address.asText()));
    }
    return orUnset(Cells.firstThree(parts));
  }

  private static String orUnset(String text) {
    return text.isEmpty() ? "<unset>" : text;
  }
}
