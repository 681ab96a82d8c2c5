package dev.ensemble.agent.core.pod;

import static dev.ensemble.agent.core.Fields.list;
import static dev.ensemble.agent.core.Fields.text;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ensemble.agent.core.Fields;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The variables by which a pod finds Services: those of its namespace, and the API's always. */
final class ServiceVariables {
  private ServiceVariables() {}

  static Map<String, String> of(PodDefinition pod, List<ObjectNode> services) {
    boolean links = Fields.at(pod.spec(), "enableServiceLinks").asBoolean(true);
    Map<String, String> variables = new LinkedHashMap<>();
    for (ObjectNode service : services) {
      String namespace = text(service, "metadata", "namespace");
      String name = text(service, "metadata", "name");
      boolean api = namespace.equals("default") && name.equals("kubernetes");
      boolean own = links && namespace.equals(pod.namespace());
      String ip = text(service, "spec", "clusterIP");
      if ((own || api) && !ip.isEmpty() && !ip.equals("None")) {
        add(variables, name, ip, list(service, "spec", "ports"));
      }
    }
    return variables;
  }

  private static void add(
      Map<String, String> variables, String service, String ip, List<JsonNode> ports) {
    if (ports.isEmpty()) {
      return;
    }
    String prefix = variable(service);
    String host = ip.contains(":") ? "[" + ip + "]" : ip;
    String first = text(ports.get(0), "port");
    variables.put(prefix + "_SERVICE_HOST", ip);
    variables.put(prefix + "_SERVICE_PORT", first);
    for (JsonNode port : ports) {
      if (!text(port, "name").isEmpty()) {
        variables.put(prefix + "_SERVICE_PORT_" + variable(text(port, "name")), text(port, "port"));
      }
    }
    variables.put(prefix + "_PORT", protocol(ports.get(0)) + "://" + host + ":" + first);
    for (JsonNode port : ports) {
      String protocol = protocol(port);
      String number = text(port, "port");
      String each = prefix + "_PORT_" + number + "_" + protocol.toUpperCase(Locale.ROOT);
      variables.put(each, protocol + "://" + host + ":" + number);
      variables.put(each + "_PROTO", protocol);
      variables.put(each + "_PORT", number);
      variables.put(each + "_ADDR", ip);
    }
  }

  private static String protocol(JsonNode port) {
    return Fields.find(port, "protocol").orElse("TCP").toLowerCase(Locale.ROOT);
  }

  private static String variable(String name) {
    return name.toUpperCase(Locale.ROOT).replace('-', '_');
  }
}
