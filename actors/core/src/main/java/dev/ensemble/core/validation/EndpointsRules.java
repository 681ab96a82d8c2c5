package dev.ensemble.core.validation;

import com.fasterxml.jackson.databind.JsonNode;
import dev.ensemble.core.object.Fields;
import java.util.HashSet;
import java.util.List;

final class EndpointsRules implements KindRules {
  private static final FieldPath SUBSETS = FieldPath.of("subsets");

  @Override
  public void create(JsonNode object, FieldErrors errors) {
    int position = 0;
    for (JsonNode subset : Fields.items(object, "subsets")) {
      FieldPath at = SUBSETS.index(position++);
      if (Fields.size(subset, "addresses") == 0 && Fields.size(subset, "notReadyAddresses") == 0) {
        errors.required(at, "must specify `addresses` or `notReadyAddresses`");
      }
      for (String list : List.of("addresses", "notReadyAddresses")) {
        int address = 0;
        for (JsonNode one : Fields.items(subset, list)) {
          address(one, at.child(list).index(address++), errors);
        }
      }
      HashSet<String> names = new HashSet<>();
      int count = Fields.size(subset, "ports");
      int port = 0;
      for (JsonNode one : Fields.items(subset, "ports")) {
        FieldPath path = at.child("ports").index(port++);
        ServiceRules.portName(one, count, names, path, errors);
        ContainerRules.portNumber(Fields.number(one, "port"), path.child("port"), errors);
        errors.oneOf(
            path.child("protocol"), Fields.text(one, "protocol"), List.of("SCTP", "TCP", "UDP"));
        String application = Fields.text(one, "appProtocol");
        if (!application.isEmpty()) {
          errors.invalidEach(
              path.child("appProtocol"), application, Keys.qualifiedName(application));
        }
      }
    }
  }

  private static void address(JsonNode address, FieldPath path, FieldErrors errors) {
    String ip = Fields.text(address, "ip");
    Addresses.ip(path.child("ip"), ip, errors);
    Addresses.usable(path.child("ip"), ip, errors);
    host(address, path, errors);
  }

  static void host(JsonNode address, FieldPath path, FieldErrors errors) {
    String hostname = Fields.text(address, "hostname");
    if (!hostname.isEmpty()) {
      errors.invalidEach(path.child("hostname"), hostname, Names.dns1123Label(hostname));
    }
    String node = Fields.text(address, "nodeName");
    if (!node.isEmpty()) {
      errors.invalidEach(path.child("nodeName"), node, Names.dns1123Subdomain(node));
    }
  }

  @Override
  public void update(JsonNode object, JsonNode old, FieldErrors errors) {
    create(object, errors);
  }
}
