package dev.ensemble.core.controller;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a controller or Service selects, as a rule on labels. A LabelSelector that is absent selects
 * nothing; one that is empty selects everything.
 */
public final class Selection {
  private final boolean nothing;
  private final List<Rule> rules;

  private record Rule(String label, Operator operator, List<String> values) {
    boolean admits(Map<String, String> labels) {
      String value = labels.get(label);
      if (operator == Operator.EXISTS) {
        return value != null;
      }
      if (operator == Operator.DOES_NOT_EXIST) {
        return value == null;
      }
      boolean listed = value != null && values.contains(value);
      return operator == Operator.IN ? listed : !listed;
    }
  }

  private enum Operator {
    IN,
    NOT_IN,
    EXISTS,
    DOES_NOT_EXIST
  }

  private Selection(boolean nothing, List<Rule> rules) {
    this.nothing = nothing;
    this.rules = List.copyOf(rules);
  }

  /** A metav1.LabelSelector with matchLabels and matchExpressions. */
  public static Selection ofLabelSelector(JsonNode selector) {
    if (!selector.isObject()) {
      return new Selection(true, List.of());
    }
    List<Rule> rules = equalities(selector.path("matchLabels"));
    for (JsonNode expression : selector.path("matchExpressions")) {
      List<String> values = new ArrayList<>();
      expression.path("values").forEach(value -> values.add(value.asText()));
      rules.add(
          new Rule(
              expression.path("key").asText(),
              operator(expression.path("operator").asText()),
              List.copyOf(values)));
    }
    return new Selection(false, rules);
  }

  /** A plain map of labels, as Services have; an absent or empty one selects nothing. */
  public static Selection ofLabels(JsonNode labels) {
    return new Selection(labels.isEmpty(), equalities(labels));
  }

  private static List<Rule> equalities(JsonNode labels) {
    List<Rule> rules = new ArrayList<>();
    ObjectFacts.texts(labels)
        .forEach((label, value) -> rules.add(new Rule(label, Operator.IN, List.of(value))));
    return rules;
  }

  private static Operator operator(String word) {
    return switch (word) {
      case "In" -> Operator.IN;
      case "NotIn" -> Operator.NOT_IN;
      case "Exists" -> Operator.EXISTS;
      case "DoesNotExist" -> Operator.DOES_NOT_EXIST;
      default -> throw new IllegalArgumentException("not a selector operator: '" + word + "'");
    };
  }

  public boolean matches(Map<String, String> labels) {
    return !nothing && rules.stream().allMatch(rule -> rule.admits(labels));
  }

  public boolean selectsEverything() {
    return !nothing && rules.isEmpty();
  }

  public boolean selectsNothing() {
    return nothing;
  }

  /** A label and value that all selected objects carry, if there is one: the index to look in. */
  public Optional<Map.Entry<String, String>> indexable() {
    return rules.stream()
        .filter(rule -> rule.operator() == Operator.IN && rule.values().size() == 1)
        .map(rule -> Map.entry(rule.label(), rule.values().get(0)))
        .findFirst();
  }
}
