package dev.ensemble.core.validation;

import com.fasterxml.jackson.databind.JsonNode;
import dev.ensemble.core.object.Fields;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

final class EndpointSliceRules implements KindRules {
  private static final int ENDPOINTS_MAX = 1000;
  private static final int ADDRESSES_MAX = 100;
  private static final int PORTS_MAX = 100;
  private static final int HINTS_MAX = 8;
  private static final FieldPath ENDPOINTS = FieldPath.of("endpoints");
  private static final FieldPath PORTS = FieldPath.of("ports");

  @Override
  public void create(JsonNode object, FieldErrors errors) {
    String type = Fields.text(object, "addressType");
    errors.oneOf(FieldPath.of("addressType"), type, List.of("FQDN", "IPv4", "IPv6"));
    int count = Fields.size(object, "endpoints");
    if (count > ENDPOINTS_MAX) {
      errors.tooMany(ENDPOINTS, count, ENDPOINTS_MAX);
      return;
    }
    int position = 0;
    for (JsonNode endpoint : Fields.items(object, "endpoints")) {
      endpoint(endpoint, type, ENDPOINTS.index(position++), errors);
    }
    ports(object, errors);
  }

  private static void endpoint(JsonNode endpoint, String type, FieldPath path, FieldErrors errors) {
    FieldPath addresses = path.child("addresses");
    int count = Fields.size(endpoint, "addresses");
    if (count == 0) {
      errors.required(addresses, "must contain at least 1 address");
    } else if (count > ADDRESSES_MAX) {
      errors.tooMany(addresses, count, ADDRESSES_MAX);
    }
    int position = 0;
    for (JsonNode address : Fields.items(endpoint, "addresses")) {
      address(address.asText(), type, addresses.index(position++), errors);
    }
    EndpointsRules.host(endpoint, path, errors);
    for (String hint : List.of("forZones", "forNodes")) {
      hints(endpoint.path("hints"), hint, path.child("hints").child(hint), errors);
    }
  }

  private static void address(String address, String type, FieldPath path, FieldErrors errors) {
    if (type.equals("FQDN")) {
      errors.invalidEach(path, address, Names.dns1123Subdomain(address));
      return;
    }
    boolean fits =
        Addresses.family(address).filter(family -> family.word().equals(type)).isPresent();
    if (!fits) {
      errors.invalid(path, address, "must be a valid " + type + " address");
    }
    Addresses.usable(path, address, errors);
  }

  private static void hints(JsonNode hints, String field, FieldPath path, FieldErrors errors) {
    int count = Fields.size(hints, field);
    if (count > HINTS_MAX) {
      errors.tooMany(path, count, HINTS_MAX);
      return;
    }
    Set<String> seen = new HashSet<>();
    int position = 0;
    for (JsonNode hint : Fields.items(hints, field)) {
      FieldPath at = path.index(position++).child("name");
      String name = Fields.text(hint, "name");
      if (!seen.add(name)) {
        errors.duplicate(at, name);
      } else {
        errors.invalidEach(at, name, Keys.labelValue(name));
      }
    }
  }

  private static void ports(JsonNode object, FieldErrors errors) {
    int count = Fields.size(object, "ports");
    if (count > PORTS_MAX) {
      errors.tooMany(PORTS, count, PORTS_MAX);
      return;
    }
    Set<String> names = new HashSet<>();
    int position = 0;
    for (JsonNode port : Fields.items(object, "ports")) {
      FieldPath at = PORTS.index(position++);
      String name = Fields.text(port, "name");
      if (!name.isEmpty()) {
        errors.invalidEach(at.child("name"), name, Names.dns1123Label(name));
      }
      if (!names.add(name)) {
        errors.duplicate(at.child("name"), name);
      }
      errors.oneOf(
          at.child("protocol"), Fields.text(port, "protocol"), List.of("SCTP", "TCP", "UDP"));
      if (Fields.has(port, "port")) {
        ContainerRules.portNumber(Fields.number(port, "port"), at.child("port"), errors);
      }
      String application = Fields.text(port, "appProtocol");
      if (!application.isEmpty()) {
        errors.invalidEach(at.child("appProtocol"), application, Keys.qualifiedName(application));
      }
    }
  }

  @Override
  public void update(JsonNode object, JsonNode old, FieldErrors errors) {
    errors.immutable(
        FieldPath.of("addressType"), object.path("addressType"), old.path("addressType"));
    create(object, errors);
  }
}
