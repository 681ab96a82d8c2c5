package dev.ensemble.core.scheduling;

import com.fasterxml.jackson.databind.JsonNode;
import dev.ensemble.core.selector.LabelSelector;
import dev.ensemble.core.selector.Requirement;
import dev.ensemble.core.selector.Requirement.Operator;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Reads what a pod's spec says of other pods: affinity, anti-affinity, topology spread. */
final class PodTerms {
  private static final String REQUIRED = "requiredDuringSchedulingIgnoredDuringExecution";
  private static final String PREFERRED = "preferredDuringSchedulingIgnoredDuringExecution";

  private final String namespace;
  private final Map<String, String> labels;

  PodTerms(String namespace, Map<String, String> labels) {
    this.namespace = namespace;
    this.labels = labels;
  }

  PodAffinity affinity(JsonNode spec) {
    JsonNode affinity = spec.path("affinity");
    JsonNode with = affinity.path("podAffinity");
    JsonNode without = affinity.path("podAntiAffinity");
    if (with.isMissingNode() && without.isMissingNode()) {
      return PodAffinity.NONE;
    }
    return new PodAffinity(
        required(with.path(REQUIRED)),
        preferred(with.path(PREFERRED)),
        required(without.path(REQUIRED)),
        preferred(without.path(PREFERRED)));
  }

  List<SpreadConstraint> spread(JsonNode spec) {
    List<SpreadConstraint> constraints = new ArrayList<>();
    for (JsonNode item : spec.path("topologySpreadConstraints")) {
      constraints.add(
          new SpreadConstraint(
              item.path("maxSkew").asInt(),
              item.path("topologyKey").asText(),
              item.path("whenUnsatisfiable").asText().equals("ScheduleAnyway")
                  ? SpreadConstraint.Rigour.PREFERRED
                  : SpreadConstraint.Rigour.REQUIRED,
              PodScope.inNamespace(namespace, selector(item)),
              item.path("minDomains").asInt(1),
              policy(item.path("nodeAffinityPolicy"), SpreadConstraint.NodePolicy.HONOR),
              policy(item.path("nodeTaintsPolicy"), SpreadConstraint.NodePolicy.IGNORE)));
    }
    return constraints;
  }

  private static SpreadConstraint.NodePolicy policy(
      JsonNode text, SpreadConstraint.NodePolicy otherwise) {
    return switch (text.asText()) {
      case "Honor" -> SpreadConstraint.NodePolicy.HONOR;
      case "Ignore" -> SpreadConstraint.NodePolicy.IGNORE;
      default -> otherwise;
    };
  }

  private List<PodTerm> required(JsonNode list) {
    List<PodTerm> terms = new ArrayList<>();
    list.forEach(item -> terms.add(term(item)));
    return terms;
  }

  private List<PodTerm.Preferred> preferred(JsonNode list) {
    List<PodTerm.Preferred> terms = new ArrayList<>();
    for (JsonNode item : list) {
      terms.add(
          new PodTerm.Preferred(term(item.path("podAffinityTerm")), item.path("weight").asInt()));
    }
    return terms;
  }

  private PodTerm term(JsonNode term) {
    Set<String> namespaces = new HashSet<>();
    term.path("namespaces").forEach(name -> namespaces.add(name.asText()));
    JsonNode namespaceSelector = term.path("namespaceSelector");
    if (namespaces.isEmpty() && (namespaceSelector.isMissingNode() || namespaceSelector.isNull())) {
      namespaces.add(namespace);
    }
    return new PodTerm(
        new PodScope(namespaces, LabelSelector.fromObject(namespaceSelector), selector(term)),
        term.path("topologyKey").asText());
  }

  /**
   * The term's selector, narrowed to pods that have the values of this pod under its {@code
   * matchLabelKeys}, and not those under its {@code mismatchLabelKeys} (KEP-3633, KEP-3243). A key
   * that the pod does not have narrows nothing.
   */
  private LabelSelector selector(JsonNode term) {
    LabelSelector selector = LabelSelector.fromObject(term.path("labelSelector"));
    if (selector.isNothing()) {
      return selector;
    }
    List<Requirement> narrowing = new ArrayList<>();
    narrow(term.path("matchLabelKeys"), Operator.IN, narrowing);
    narrow(term.path("mismatchLabelKeys"), Operator.NOT_IN, narrowing);
    if (narrowing.isEmpty()) {
      return selector;
    }
    narrowing.addAll(selector.requirements());
    return LabelSelector.of(narrowing);
  }

  private void narrow(JsonNode keys, Operator operator, List<Requirement> narrowing) {
    for (JsonNode key : keys) {
      String value = labels.get(key.asText());
      if (value != null) {
        narrowing.add(new Requirement(key.asText(), operator, new TreeSet<>(Set.of(value))));
      }
    }
  }
}
