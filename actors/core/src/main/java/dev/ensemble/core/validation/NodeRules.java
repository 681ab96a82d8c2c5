package dev.ensemble.core.validation;

import com.fasterxml.jackson.databind.JsonNode;
import dev.ensemble.core.object.Fields;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

final class NodeRules implements KindRules {
  private static final FieldPath SPEC = FieldPath.of("spec");
  private static final FieldPath STATUS = FieldPath.of("status");

  @Override
  public MetadataRules.Home home() {
    return MetadataRules.Home.CLUSTER;
  }

  @Override
  public void create(JsonNode object, FieldErrors errors) {
    // Upstream reports taints below metadata, and tools look there.
    TaintRules.taints(object.path("spec"), MetadataRules.METADATA.child("taints"), errors);
    amounts(object, errors);
    ranges(object.path("spec"), errors);
  }

  private static void amounts(JsonNode object, FieldErrors errors) {
    for (String list : List.of("capacity", "allocatable")) {
      for (Map.Entry<String, JsonNode> amount : Fields.entries(object.path("status"), list)) {
        FieldPath path = STATUS.child(list).child(amount.getKey());
        ResourceRules.amount(amount.getKey(), amount.getValue(), path, errors);
      }
    }
  }

  private static void ranges(JsonNode spec, FieldErrors errors) {
    FieldPath path = SPEC.child("podCIDRs");
    Set<Addresses.Family> families = new HashSet<>();
    List<String> seen = new ArrayList<>();
    for (JsonNode range : Fields.items(spec, "podCIDRs")) {
      FieldPath at = path.index(seen.size());
      Addresses.range(at, range.asText(), errors);
      Addresses.rangeFamily(range.asText()).ifPresent(families::add);
      if (seen.contains(range.asText())) {
        errors.duplicate(at, range.asText());
      }
      seen.add(range.asText());
    }
    if (seen.size() > 1 && families.size() != seen.size()) {
      errors.invalid(
          path, spec.get("podCIDRs"), "may specify no more than one CIDR for each IP family");
    }
  }

  @Override
  public void update(JsonNode object, JsonNode old, FieldErrors errors) {
    JsonNode spec = object.path("spec");
    JsonNode before = old.path("spec");
    amounts(object, errors);
    Set<JsonNode> addresses = new HashSet<>();
    int position = 0;
    for (JsonNode address : Fields.items(object.path("status"), "addresses")) {
      FieldPath at = STATUS.child("addresses").index(position++);
      if (!addresses.add(address)) {
        errors.duplicate(at, address);
      }
    }
    if (Fields.size(before, "podCIDRs") > 0
        && !before.get("podCIDRs").equals(spec.path("podCIDRs"))) {
      errors.forbidden(
          SPEC.child("podCIDRs"), "node updates may not change podCIDR except from \"\" to valid");
    }
    String provider = Fields.text(before, "providerID");
    if (!provider.isEmpty() && !provider.equals(Fields.text(spec, "providerID"))) {
      errors.forbidden(
          SPEC.child("providerID"),
          "node updates may not change providerID except from \"\" to valid");
    }
    TaintRules.taints(spec, MetadataRules.METADATA.child("taints"), errors);
    if (!Fields.text(spec, "externalID").equals(Fields.text(before, "externalID"))) {
      errors.forbidden(SPEC.child("externalID"), "may not be updated");
    }
  }

  @Override
  public void status(JsonNode object, JsonNode old, FieldErrors errors) {
    update(object, old, errors);
  }
}
