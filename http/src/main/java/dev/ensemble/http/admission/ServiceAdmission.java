package dev.ensemble.http.admission;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.ensemble.actors.store.ObjectStore;
import dev.ensemble.actors.view.StoredObject;
import dev.ensemble.core.object.ResourceName;
import dev.ensemble.core.validation.FieldError;
import dev.ensemble.http.server.ApiSettings.PortRange;
import dev.ensemble.http.status.StatusException;
import dev.ensemble.http.status.Statuses;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.random.RandomGenerator;

/**
 * Gives Services their cluster IPs and node ports. What is taken is read from the Services there
 * are, plus what is held for writes under way; all under one lock, so two never get the same.
 */
public final class ServiceAdmission implements Admission {
  private static final ResourceName SERVICES = ResourceName.parse("services");

  private final ObjectStore store;
  private final AddressRange addresses;
  private final PortRange ports;
  private final RandomGenerator random;

  // Guarded by this.
  private final Map<String, Known> known = new HashMap<>();
  private final Set<String> heldAddresses = new HashSet<>();
  private final Set<Integer> heldPorts = new HashSet<>();

  /** What one Service has, as long as it is this version. */
  private record Known(StoredObject version, Set<String> addresses, Set<Integer> ports) {}

  public ServiceAdmission(ObjectStore store, String cidr, PortRange ports, RandomGenerator random) {
    this.store = store;
    this.addresses = AddressRange.parse(cidr);
    this.ports = ports;
    this.random = random;
  }

  /** The cluster IP of the Service {@code kubernetes}. */
  public String apiServerAddress() {
    return addresses.firstUsable();
  }

  @Override
  public Release admit(Change change) {
    if (!change.of("services")) {
      return Release.NOTHING;
    }
    ObjectNode spec = change.object().withObject("/spec");
    JsonNode oldSpec =
        change.old().<JsonNode>map(old -> old.path("spec")).orElse(TextNode.valueOf(""));
    Allocation allocation = new Allocation(change, spec, oldSpec);
    synchronized (this) {
      refresh();
      allocation.run();
      heldAddresses.addAll(allocation.addresses);
      heldPorts.addAll(allocation.ports);
    }
    return () -> release(allocation);
  }

  private synchronized void release(Allocation allocation) {
    heldAddresses.removeAll(allocation.addresses);
    heldPorts.removeAll(allocation.ports);
  }

  /** Looks at the Services that are new or changed since the last time. */
  private void refresh() {
    Set<String> alive = new HashSet<>();
    for (StoredObject service : store.view(SERVICES).snapshot().all()) {
      String key = service.key().namespace() + "/" + service.key().name();
      alive.add(key);
      Known seen = known.get(key);
      if (seen == null || seen.version() != service) {
        JsonNode spec = service.tree().path("spec");
        known.put(key, new Known(service, addressesOf(spec), portsOf(spec)));
      }
    }
    known.keySet().retainAll(alive);
  }

  private boolean addressTaken(String address, String self) {
    return heldAddresses.contains(address)
        || known.entrySet().stream()
            .anyMatch(e -> !e.getKey().equals(self) && e.getValue().addresses().contains(address));
  }

  private boolean portTaken(int port, String self) {
    return heldPorts.contains(port)
        || known.entrySet().stream()
            .anyMatch(e -> !e.getKey().equals(self) && e.getValue().ports().contains(port));
  }

  private static Set<String> addressesOf(JsonNode spec) {
    Set<String> found = new HashSet<>();
    spec.path("clusterIPs").forEach(address -> found.add(address.asText()));
    found.add(spec.path("clusterIP").asText(""));
    found.remove("");
    found.remove("None");
    return found;
  }

  private static Set<Integer> portsOf(JsonNode spec) {
    Set<Integer> found = new HashSet<>();
    for (JsonNode port : spec.path("ports")) {
      if (port.path("nodePort").asInt(0) != 0) {
        found.add(port.path("nodePort").asInt());
      }
    }
    if (spec.path("healthCheckNodePort").asInt(0) != 0) {
      found.add(spec.path("healthCheckNodePort").asInt());
    }
    return found;
  }

  /** What one Service asks for and gets. */
  private final class Allocation {
    private final Set<String> addresses = new HashSet<>();
    private final Set<Integer> ports = new HashSet<>();
    private final List<FieldError> errors = new ArrayList<>();
    private final Change change;
    private final ObjectNode spec;
    private final JsonNode oldSpec;
    private final String self;
    private final String type;

    Allocation(Change change, ObjectNode spec, JsonNode oldSpec) {
      this.change = change;
      this.spec = spec;
      this.oldSpec = oldSpec;
      this.self = change.namespace() + "/" + change.object().path("metadata").path("name").asText();
      this.type = spec.path("type").asText("ClusterIP");
    }

    void run() {
      if (type.equals("ExternalName")) {
        return;
      }
      clusterAddress();
      boolean onNodes = type.equals("NodePort") || type.equals("LoadBalancer");
      boolean allocates =
          type.equals("NodePort") || spec.path("allocateLoadBalancerNodePorts").asBoolean(true);
      if (onNodes) {
        keepOldPorts();
        for (int i = 0; i < spec.path("ports").size(); i++) {
          nodePort((ObjectNode) spec.path("ports").get(i), i, allocates);
        }
        healthCheckPort();
      }
      if (!errors.isEmpty()) {
        throw invalid();
      }
    }

    private void clusterAddress() {
      String wanted = spec.path("clusterIP").asText("");
      String old = oldSpec.path("clusterIP").asText("");
      if (wanted.isEmpty() && !old.isEmpty()) {
        // An update that does not mention its address keeps it.
        wanted = old;
      }
      if (wanted.isEmpty() && spec.path("clusterIPs").size() > 0) {
        wanted = spec.path("clusterIPs").get(0).asText();
      }
      boolean kept = !wanted.isEmpty() && wanted.equals(old);
      if (!wanted.equals("None") && !kept) {
        wanted = wanted.isEmpty() ? anyAddress() : givenAddress(wanted);
      }
      spec.put("clusterIP", wanted);
      spec.putArray("clusterIPs").add(wanted);
      families();
    }

    private void families() {
      if (!spec.has("ipFamilies")) {
        spec.putArray("ipFamilies").add("IPv4");
      }
      if (!spec.has("ipFamilyPolicy")) {
        spec.put("ipFamilyPolicy", "SingleStack");
      }
    }

    private String anyAddress() {
      String address =
          ServiceAdmission.this
              .addresses
              .free(candidate -> addressTaken(candidate, self), random)
              .orElseThrow(
                  () -> Statuses.internal("failed to allocate a serviceIP: range is full"));
      addresses.add(address);
      return address;
    }

    private String givenAddress(String address) {
      boolean inside = ServiceAdmission.this.addresses.contains(address);
      if (!inside || addressTaken(address, self)) {
        String why =
            inside
                ? "failed to allocate IP " + address + ": provided IP is already allocated"
                : "failed to allocate IP "
                    + address
                    + ": the provided IP ("
                    + address
                    + ") is not in the valid range. The range of valid IPs is "
                    + ServiceAdmission.this.addresses;
        ArrayNode given = spec.arrayNode().add(address);
        errors.add(FieldError.invalid("spec.clusterIPs", given, why));
        return address;
      }
      addresses.add(address);
      return address;
    }

    /** An update that does not mention node ports keeps those of the same port and protocol. */
    private void keepOldPorts() {
      for (JsonNode port : spec.path("ports")) {
        for (JsonNode old : oldSpec.path("ports")) {
          boolean same =
              Objects.equals(port.path("port"), old.path("port"))
                  && Objects.equals(port.path("protocol"), old.path("protocol"));
          if (same && port.path("nodePort").asInt(0) == 0 && old.has("nodePort")) {
            ((ObjectNode) port).set("nodePort", old.get("nodePort"));
          }
        }
      }
    }

    private void nodePort(ObjectNode port, int index, boolean allocates) {
      int wanted = port.path("nodePort").asInt(0);
      if (wanted == 0) {
        if (allocates) {
          port.put("nodePort", anyPort());
        }
        return;
      }
      if (portsOf(oldSpec).contains(wanted)) {
        return;
      }
      String field = "spec.ports[" + index + "].nodePort";
      if (!ServiceAdmission.this.ports.contains(wanted)) {
        errors.add(
            FieldError.invalid(
                field,
                IntNode.valueOf(wanted),
                "provided port is not in the valid range. The range of valid ports is "
                    + ServiceAdmission.this.ports.first()
                    + "-"
                    + ServiceAdmission.this.ports.last()));
      } else if (portTaken(wanted, self) || !mayShare(port, index, wanted)) {
        errors.add(
            FieldError.invalid(
                field, IntNode.valueOf(wanted), "provided port is already allocated"));
      } else {
        ports.add(wanted);
      }
    }

    /** Two ports of one Service may have one node port when their protocols differ. */
    private boolean mayShare(ObjectNode port, int index, int wanted) {
      for (int i = 0; i < index; i++) {
        JsonNode other = spec.path("ports").get(i);
        if (other.path("nodePort").asInt(0) == wanted
            && other.path("protocol").equals(port.path("protocol"))) {
          return false;
        }
      }
      return true;
    }

    private void healthCheckPort() {
      boolean needed =
          type.equals("LoadBalancer")
              && spec.path("externalTrafficPolicy").asText().equals("Local");
      if (!needed) {
        return;
      }
      int wanted = spec.path("healthCheckNodePort").asInt(0);
      int old = oldSpec.path("healthCheckNodePort").asInt(0);
      if (wanted == 0) {
        spec.put("healthCheckNodePort", old == 0 ? anyPort() : old);
      } else if (wanted != old) {
        if (portTaken(wanted, self)) {
          errors.add(
              FieldError.invalid(
                  "spec.healthCheckNodePort",
                  IntNode.valueOf(wanted),
                  "provided port is already allocated"));
        }
        ports.add(wanted);
      }
    }

    private int anyPort() {
      PortRange range = ServiceAdmission.this.ports;
      int size = range.last() - range.first() + 1;
      int start = random.nextInt(size);
      for (int i = 0; i < size; i++) {
        int candidate = range.first() + (start + i) % size;
        if (!ports.contains(candidate) && !portTaken(candidate, self)) {
          ports.add(candidate);
          return candidate;
        }
      }
      throw Statuses.internal("failed to allocate a nodePort: range is full");
    }

    private StatusException invalid() {
      return Statuses.invalid(
          "", "Service", change.object().path("metadata").path("name").asText(), errors);
    }
  }
}
