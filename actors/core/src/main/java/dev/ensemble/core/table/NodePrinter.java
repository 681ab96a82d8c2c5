package dev.ensemble.core.table;

import com.fasterxml.jackson.databind.JsonNode;
import dev.ensemble.core.object.Fields;
import java.util.Map;
import java.util.TreeSet;

final class NodePrinter {
  private static final String ROLE_PREFIX = "node-role.kubernetes.io/";
  private static final String ROLE_LABEL = "kubernetes.io/role";

  private NodePrinter() {}

  static Printer nodes() {
    return KindPrinter.named()
        .text("Status", "Whether the node is ready and takes pods", NodePrinter::status)
        .text("Roles", "Roles by label", NodePrinter::roles)
        .age()
        .text("Version", "Version of its kubelet or agent", o -> info(o, "kubeletVersion"))
        .wide("Internal-IP", "Address in the cluster", o -> address(o, "InternalIP"))
        .wide("External-IP", "Address for clients outside", o -> address(o, "ExternalIP"))
        .wide("OS-Image", "Operating system", o -> known(info(o, "osImage")))
        .wide("Kernel-Version", "Kernel", o -> known(info(o, "kernelVersion")))
        .wide("Container-Runtime", "Runtime", o -> known(info(o, "containerRuntimeVersion")))
        .build();
  }

  private static String info(JsonNode node, String field) {
    return Fields.text(node.path("status").path("nodeInfo"), field);
  }

  private static String known(String text) {
    return text.isEmpty() ? HumanDuration.UNKNOWN : text;
  }

  private static String status(JsonNode node) {
    String status = "Unknown";
    for (JsonNode condition : Fields.items(node.path("status"), "conditions")) {
      if (Fields.text(condition, "type").equals("Ready")) {
        status = Fields.text(condition, "status").equals("True") ? "Ready" : "NotReady";
      }
    }
    boolean closed = Fields.flag(node.path("spec"), "unschedulable");
    return closed ? status + ",SchedulingDisabled" : status;
  }

  private static String roles(JsonNode node) {
    TreeSet<String> roles = new TreeSet<>();
    for (Map.Entry<String, JsonNode> label : Fields.entries(node.path("metadata"), "labels")) {
      String key = label.getKey();
      if (key.startsWith(ROLE_PREFIX) && key.length() > ROLE_PREFIX.length()) {
        roles.add(key.substring(ROLE_PREFIX.length()));
      } else if (key.equals(ROLE_LABEL) && !label.getValue().asText().isEmpty()) {
        roles.add(label.getValue().asText());
      }
    }
    return Cells.orNone(String.join(",", roles));
  }

  private static String address(JsonNode node, String type) {
    for (JsonNode address : Fields.items(node.path("status"), "addresses")) {
      if (Fields.text(address, "type").equals(type)) {
        return Fields.text(address, "address");
      }
    }
    return Cells.NONE;
  }
}
