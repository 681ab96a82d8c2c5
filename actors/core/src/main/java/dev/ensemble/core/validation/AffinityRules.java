package dev.ensemble.core.validation;

import com.fasterxml.jackson.databind.JsonNode;
import dev.ensemble.core.object.Fields;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Where a pod wants to run: node and pod affinity, spreading over topologies. */
final class AffinityRules {
  private static final String REQUIRED = "requiredDuringSchedulingIgnoredDuringExecution";
  private static final String PREFERRED = "preferredDuringSchedulingIgnoredDuringExecution";

  private AffinityRules() {}

  static void affinity(JsonNode affinity, FieldPath path, FieldErrors errors) {
    JsonNode node = affinity.path("nodeAffinity");
    FieldPath nodePath = path.child("nodeAffinity");
    if (Fields.has(node, REQUIRED)) {
      nodeSelector(node.get(REQUIRED), nodePath.child(REQUIRED), errors);
    }
    int position = 0;
    for (JsonNode term : Fields.items(node, PREFERRED)) {
      FieldPath at = nodePath.child(PREFERRED).index(position++);
      weight(term, at, errors);
      term(term.path("preference"), at.child("preference"), Values.ANY, errors);
    }
    for (String kind : List.of("podAffinity", "podAntiAffinity")) {
      pods(affinity.path(kind), path.child(kind), errors);
    }
  }

  private static void weight(JsonNode term, FieldPath at, FieldErrors errors) {
    long weight = Fields.number(term, "weight");
    if (weight < 1 || weight > 100) {
      errors.invalid(at.child("weight"), weight, "must be in the range 1-100");
    }
  }

  /** Preferred terms may name values that no label can have. */
  private enum Values {
    OF_LABELS,
    ANY
  }

  private static void nodeSelector(JsonNode selector, FieldPath path, FieldErrors errors) {
    FieldPath terms = path.child("nodeSelectorTerms");
    if (Fields.size(selector, "nodeSelectorTerms") == 0) {
      errors.required(terms, "must have at least one node selector term");
    }
    int position = 0;
    for (JsonNode term : Fields.items(selector, "nodeSelectorTerms")) {
      term(term, terms.index(position++), Values.OF_LABELS, errors);
    }
  }

  private static void term(JsonNode term, FieldPath path, Values values, FieldErrors errors) {
    int position = 0;
    for (JsonNode requirement : Fields.items(term, "matchExpressions")) {
      expression(requirement, path.child("matchExpressions").index(position++), values, errors);
    }
    position = 0;
    for (JsonNode requirement : Fields.items(term, "matchFields")) {
      field(requirement, path.child("matchFields").index(position++), errors);
    }
  }

  private static void expression(
      JsonNode requirement, FieldPath path, Values allowed, FieldErrors errors) {
    String operator = Fields.text(requirement, "operator");
    int values = Fields.size(requirement, "values");
    FieldPath at = path.child("values");
    switch (operator) {
      case "In", "NotIn" -> {
        if (values == 0) {
          errors.required(at, "must be specified when `operator` is 'In' or 'NotIn'");
        }
      }
      case "Exists", "DoesNotExist" -> {
        if (values > 0) {
          errors.forbidden(
              at, "may not be specified when `operator` is 'Exists' or 'DoesNotExist'");
        }
      }
      case "Gt", "Lt" -> {
        if (values != 1) {
          errors.required(at, "must be specified single value when `operator` is 'Lt' or 'Gt'");
        }
      }
      default -> {
        errors.invalid(path.child("operator"), operator, "not a valid selector operator");
      }
    }
    String key = Fields.text(requirement, "key");
    errors.invalidEach(path.child("key"), key, Keys.qualifiedName(key));
    int position = 0;
    for (JsonNode value : Fields.items(requirement, "values")) {
      FieldPath one = at.index(position++);
      if (allowed == Values.OF_LABELS) {
        errors.invalidEach(one, value.asText(), Keys.labelValue(value.asText()));
      }
    }
  }

  private static void field(JsonNode requirement, FieldPath path, FieldErrors errors) {
    String operator = Fields.text(requirement, "operator");
    if (!operator.equals("In") && !operator.equals("NotIn")) {
      errors.invalid(path.child("operator"), operator, "not a valid selector operator");
    } else if (Fields.size(requirement, "values") != 1) {
      errors.required(
          path.child("values"),
          "must be only one value when `operator` is 'In' or 'NotIn' for node field selector");
    }
    String key = Fields.text(requirement, "key");
    if (!key.equals("metadata.name")) {
      errors.invalid(path.child("key"), key, "not a valid field selector key");
      return;
    }
    int position = 0;
    for (JsonNode value : Fields.items(requirement, "values")) {
      errors.invalidEach(
          path.child("values").index(position++),
          value.asText(),
          Names.dns1123Subdomain(value.asText()));
    }
  }

  private static void pods(JsonNode affinity, FieldPath path, FieldErrors errors) {
    int position = 0;
    for (JsonNode term : Fields.items(affinity, REQUIRED)) {
      podTerm(term, path.child(REQUIRED).index(position++), errors);
    }
    position = 0;
    for (JsonNode term : Fields.items(affinity, PREFERRED)) {
      FieldPath at = path.child(PREFERRED).index(position++);
      weight(term, at, errors);
      podTerm(term.path("podAffinityTerm"), at.child("podAffinityTerm"), errors);
    }
  }

  private static void podTerm(JsonNode term, FieldPath path, FieldErrors errors) {
    SelectorRules.labelSelector(term.path("labelSelector"), path.child("labelSelector"), errors);
    SelectorRules.labelSelector(
        term.path("namespaceSelector"), path.child("namespaceSelector"), errors);
    for (JsonNode namespace : Fields.items(term, "namespaces")) {
      errors.invalidEach(
          path.child("namespace"), namespace.asText(), Names.dns1123Label(namespace.asText()));
    }
    String key = Fields.text(term, "topologyKey");
    if (key.isEmpty()) {
      errors.required(path.child("topologyKey"), "can not be empty");
    }
    errors.invalidEach(path.child("topologyKey"), key, Keys.qualifiedName(key));
  }

  static void topologySpread(JsonNode spec, FieldPath path, FieldErrors errors) {
    Set<String> seen = new HashSet<>();
    int position = 0;
    for (JsonNode constraint : Fields.items(spec, "topologySpreadConstraints")) {
      FieldPath at = path.index(position++);
      String key = Fields.text(constraint, "topologyKey");
      String unsatisfiable = Fields.text(constraint, "whenUnsatisfiable");
      long skew = Fields.number(constraint, "maxSkew");
      if (skew <= 0) {
        errors.invalid(at.child("maxSkew"), skew, "must be greater than zero");
      }
      if (key.isEmpty()) {
        errors.required(at.child("topologyKey"), "can not be empty");
      } else {
        errors.invalidEach(at.child("topologyKey"), key, Keys.qualifiedName(key));
      }
      List<String> ways = List.of("DoNotSchedule", "ScheduleAnyway");
      if (!ways.contains(unsatisfiable)) {
        errors.notSupported(at.child("whenUnsatisfiable"), unsatisfiable, ways);
      }
      if (!seen.add(key + "/" + unsatisfiable)) {
        errors.duplicate(at, "{" + key + ", " + unsatisfiable + "}");
      }
      minDomains(constraint, unsatisfiable, at.child("minDomains"), errors);
      for (String policy : List.of("nodeAffinityPolicy", "nodeTaintsPolicy")) {
        errors.emptyOrOneOf(
            at.child(policy), Fields.text(constraint, policy), List.of("Honor", "Ignore"));
      }
      SelectorRules.labelSelector(
          constraint.path("labelSelector"), at.child("labelSelector"), errors);
    }
  }

  private static void minDomains(
      JsonNode constraint, String unsatisfiable, FieldPath path, FieldErrors errors) {
    if (!Fields.has(constraint, "minDomains")) {
      return;
    }
    long domains = Fields.number(constraint, "minDomains");
    if (domains <= 0) {
      errors.invalid(path, domains, "must be greater than zero");
    }
    if (!unsatisfiable.equals("DoNotSchedule")) {
      errors.invalid(
          path,
          domains,
          "can only use minDomains if whenUnsatisfiable=DoNotSchedule, not " + unsatisfiable);
    }
  }
}
