package dev.ensemble.core.validation;

import com.fasterxml.jackson.databind.JsonNode;
import dev.ensemble.core.object.Fields;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** {@code clusterIP}, {@code clusterIPs}, {@code ipFamilies} and {@code ipFamilyPolicy}. */
final class ServiceAddressRules {
  private static final FieldPath SPEC = FieldPath.of("spec");
  private static final FieldPath IPS = SPEC.child("clusterIPs");
  private static final FieldPath FAMILIES = SPEC.child("ipFamilies");
  private static final List<String> FAMILY_NAMES = List.of("IPv4", "IPv6");

  private ServiceAddressRules() {}

  static void all(JsonNode spec, FieldErrors errors) {
    if (Fields.text(spec, "type").equals("ExternalName")) {
      return;
    }
    String first = Fields.text(spec, "clusterIP");
    JsonNode ips = spec.path("clusterIPs");
    if (ips.isEmpty() && !first.isEmpty()) {
      errors.required(IPS, "");
    } else if (!ips.isEmpty() && first.isEmpty()) {
      errors.invalid(IPS, ips, "must be empty when `clusterIP` is not specified");
    } else if (!ips.isEmpty() && !ips.get(0).asText().equals(first)) {
      errors.invalid(IPS, ips, "first value must match `clusterIP`");
    }
    families(spec, errors);
    addresses(spec, ips, errors);
  }

  private static void families(JsonNode spec, FieldErrors errors) {
    Set<String> seen = new HashSet<>();
    int position = 0;
    for (JsonNode family : Fields.items(spec, "ipFamilies")) {
      FieldPath at = FAMILIES.index(position++);
      if (!FAMILY_NAMES.contains(family.asText())) {
        errors.notSupported(at, family.asText(), FAMILY_NAMES);
      }
      if (!seen.add(family.asText())) {
        errors.duplicate(at, family.asText());
      }
    }
    String policy = Fields.text(spec, "ipFamilyPolicy");
    errors.emptyOrOneOf(
        SPEC.child("ipFamilyPolicy"),
        policy,
        List.of("PreferDualStack", "RequireDualStack", "SingleStack"));
    boolean single = policy.equals("SingleStack");
    if (single && Fields.size(spec, "ipFamilies") > 1) {
      errors.invalid(
          SPEC.child("ipFamilyPolicy"),
          policy,
          "must be RequireDualStack or PreferDualStack when multiple `ipFamilies` are specified");
    }
    if (single && Fields.size(spec, "clusterIPs") > 1) {
      errors.invalid(
          SPEC.child("ipFamilyPolicy"),
          policy,
          "must be RequireDualStack or PreferDualStack when multiple `clusterIPs` are specified");
    }
  }

  private static void addresses(JsonNode spec, JsonNode ips, FieldErrors errors) {
    if (ServiceRules.isHeadless(spec)) {
      if (ips.size() > 1) {
        errors.invalid(IPS, ips, "may only hold up to 1 value when headless");
      }
      return;
    }
    if (ips.size() > 2) {
      errors.invalid(IPS, ips, "may only hold up to 2 values");
    }
    Set<String> seen = new HashSet<>();
    for (int i = 0; i < ips.size(); i++) {
      String ip = ips.get(i).asText();
      Optional<Addresses.Family> family = Addresses.family(ip);
      if (family.isEmpty()) {
        errors.invalid(IPS.index(i), ip, Addresses.IP_FAULT);
        continue;
      }
      String wanted = spec.path("ipFamilies").path(i).asText();
      if (!wanted.isEmpty() && !wanted.equals(family.get().word())) {
        errors.invalid(
            IPS.index(i),
            ip,
            "expected an " + wanted + " value as indicated by `ipFamilies[" + i + "]`");
      }
      if (!seen.add(family.get().word())) {
        errors.invalid(IPS, ips, "may specify no more than one IP for each IP family");
      }
    }
  }

  /** The first address and family of a service stay while it has cluster addresses. */
  static void update(JsonNode spec, JsonNode old, FieldErrors errors) {
    boolean was = !Fields.text(old, "type").equals("ExternalName");
    boolean is = !Fields.text(spec, "type").equals("ExternalName");
    if (!was || !is) {
      return;
    }
    stays("clusterIPs", "may not change once set", spec, old, errors);
    stays("ipFamilies", "may not change once set", spec, old, errors);
  }

  private static void stays(
      String field, String why, JsonNode spec, JsonNode old, FieldErrors errors) {
    JsonNode before = old.path(field);
    JsonNode now = spec.path(field);
    for (int i = 0; i < before.size(); i++) {
      boolean dropped = i > 0 && i >= now.size();
      if (!dropped && !before.get(i).equals(now.path(i))) {
        errors.invalid(
            i == 0 && now.isEmpty() ? SPEC.child(field) : SPEC.child(field).index(i),
            now.isMissingNode() ? before : now,
            i == 0 ? why : "secondary value may not be changed, only removed");
      }
    }
  }
}
