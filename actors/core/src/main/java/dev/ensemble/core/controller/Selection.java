package dev.ensemble.core.controller;

import com.fasterxml.jackson.databind.JsonNode;
import dev.ensemble.core.selector.LabelSelector;
import dev.ensemble.core.selector.Requirement.Operator;
import java.util.Map;
import java.util.Optional;

/**
 * What a controller or Service selects. A LabelSelector that is absent selects nothing, one that is
 * empty everything; an empty map of labels, as Services have, selects nothing.
 */
public record Selection(LabelSelector selector) {
  /** A metav1.LabelSelector with matchLabels and matchExpressions. */
  public static Selection ofLabelSelector(JsonNode selector) {
    return new Selection(LabelSelector.fromObject(selector));
  }

  public static Selection ofLabels(JsonNode labels) {
    return new Selection(
        labels.isEmpty()
            ? LabelSelector.nothing()
            : LabelSelector.ofLabels(ObjectFacts.texts(labels)));
  }

  public boolean matches(Map<String, String> labels) {
    return selector.matches(labels);
  }

  public boolean selectsEverything() {
    return selector.isEverything();
  }

  public boolean selectsNothing() {
    return selector.isNothing();
  }

  /** A label and value that all selected objects carry, if there is one: the index to look in. */
  public Optional<Map.Entry<String, String>> indexable() {
    return selector.requirements().stream()
        .filter(one -> one.operator() == Operator.EQUALS || one.operator() == Operator.IN)
        .filter(one -> one.values().size() == 1)
        .map(one -> Map.entry(one.key(), one.values().first()))
        .findFirst();
  }
}
