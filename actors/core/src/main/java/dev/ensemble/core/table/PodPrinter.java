package dev.ensemble.core.table;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ensemble.core.object.Fields;
import dev.ensemble.core.resource.ResourceType.Column;
import java.time.Instant;
import java.util.List;

final class PodPrinter implements Printer {
  private static final List<Column> COLUMNS =
      List.of(
          new Column("Name", "string", "name", "Name of the object", 0),
          column("Ready", "Ready containers of all that run side by side", 0),
          column("Status", "What the pod is doing, or why it is not", 0),
          column("Restarts", "Restarts of containers, and when the last one was", 0),
          column("Age", "Time since the object was created", 0),
          column("IP", "The pod's first address", 1),
          column("Node", "Node that the pod is bound to", 1),
          column("Nominated Node", "Node on which room is made for the pod", 1),
          column("Readiness Gates", "Conditions met of those that readiness asks for", 1));

  private static Column column(String name, String description, int priority) {
    return new Column(name, "string", "", description, priority);
  }

  @Override
  public List<Column> columns() {
    return COLUMNS;
  }

  @Override
  public void print(ObjectNode pod, Instant now, ArrayNode cells) {
    PodSummary summary = PodSummary.of(pod);
    cells.add(Fields.text(pod.path("metadata"), "name"));
    cells.add(summary.ready());
    cells.add(summary.status());
    cells.add(summary.restarts(now));
    cells.add(KindPrinter.age(pod, now));
    JsonNode status = pod.path("status");
    String address = Fields.text(status.path("podIPs").path(0), "ip");
    cells.add(Cells.orNone(address.isEmpty() ? Fields.text(status, "podIP") : address));
    cells.add(Cells.orNone(Fields.text(pod.path("spec"), "nodeName")));
    cells.add(Cells.orNone(Fields.text(status, "nominatedNodeName")));
    cells.add(gates(pod));
  }

  private static String gates(JsonNode pod) {
    int gates = Fields.size(pod.path("spec"), "readinessGates");
    if (gates == 0) {
      return Cells.NONE;
    }
    int met = 0;
    for (JsonNode gate : Fields.items(pod.path("spec"), "readinessGates")) {
      String type = Fields.text(gate, "conditionType");
      for (JsonNode condition : Fields.items(pod.path("status"), "conditions")) {
        if (Fields.text(condition, "type").equals(type)) {
          met += Fields.text(condition, "status").equals("True") ? 1 : 0;
          break;
        }
      }
    }
    return met + "/" + gates;
  }
}
