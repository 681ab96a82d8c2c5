package dev.ensemble.core.selector;

import com.fasterxml.jackson.databind.JsonNode;
import dev.ensemble.core.selector.Requirement.Operator;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * A condition on labels: all requirements hold. Requirements are kept by key in order, so equal
 * selectors print alike.
 */
public final class LabelSelector {
  private static final LabelSelector EVERYTHING = new LabelSelector(Reach.SOME, List.of());
  private static final LabelSelector NOTHING = new LabelSelector(Reach.NONE, List.of());

  private enum Reach {
    SOME,
    NONE
  }

  private final Reach reach;
  private final List<Requirement> requirements;

  private LabelSelector(Reach reach, List<Requirement> requirements) {
    this.reach = reach;
    this.requirements =
        requirements.stream().sorted(Comparator.comparing(Requirement::key)).toList();
  }

  /** Matches all labels: what an empty selector means. */
  public static LabelSelector everything() {
    return EVERYTHING;
  }

  /** Matches no labels: what an absent selector means in most objects. */
  public static LabelSelector nothing() {
    return NOTHING;
  }

  public static LabelSelector of(List<Requirement> requirements) {
    return new LabelSelector(Reach.SOME, requirements);
  }

  /** All of these labels with these values: {@code spec.selector} of a Service. */
  public static LabelSelector ofLabels(Map<String, String> labels) {
    return of(
        labels.entrySet().stream()
            .map(label -> new Requirement(label.getKey(), Operator.EQUALS, one(label.getValue())))
            .toList());
  }

  /**
   * Reads the text of a {@code labelSelector} parameter; empty text selects everything.
   *
   * @throws SelectorException if it is none
   */
  public static LabelSelector parse(String text) {
    return of(LabelParser.parse(text));
  }

  /**
   * Reads the object form ({@code matchLabels}, {@code matchExpressions}); the empty object selects
   * everything, a missing or null node nothing.
   *
   * @throws SelectorException if an operator, key or value is not valid
   */
  public static LabelSelector fromObject(JsonNode selector) {
    if (selector.isNull() || selector.isMissingNode()) {
      return NOTHING;
    }
    List<Requirement> requirements = new ArrayList<>();
    JsonNode labels = selector.path("matchLabels");
    for (Iterator<Map.Entry<String, JsonNode>> fields = labels.fields(); fields.hasNext(); ) {
      Map.Entry<String, JsonNode> label = fields.next();
      requirements.add(
          new Requirement(label.getKey(), Operator.EQUALS, one(label.getValue().asText())));
    }
    for (JsonNode expression : selector.path("matchExpressions")) {
      requirements.add(
          new Requirement(
              expression.path("key").asText(),
              objectOperator(expression.path("operator").asText()),
              texts(expression.path("values"))));
    }
    return of(requirements);
  }

  private static Operator objectOperator(String text) {
    return switch (text) {
      case "In" -> Operator.IN;
      case "NotIn" -> Operator.NOT_IN;
      case "Exists" -> Operator.EXISTS;
      case "DoesNotExist" -> Operator.DOES_NOT_EXIST;
      default ->
          throw new SelectorException("\"" + text + "\" is not a valid label selector operator");
    };
  }

  private static SortedSet<String> texts(JsonNode values) {
    SortedSet<String> texts = new TreeSet<>();
    values.forEach(value -> texts.add(value.asText()));
    return texts;
  }

  private static SortedSet<String> one(String value) {
    return new TreeSet<>(List.of(value));
  }

  public boolean matches(Map<String, String> labels) {
    if (reach == Reach.NONE) {
      return false;
    }
    for (Requirement requirement : requirements) {
      if (!requirement.matches(labels)) {
        return false;
      }
    }
    return true;
  }

  /** Whether every object is selected, labelled or not. */
  public boolean isEverything() {
    return reach == Reach.SOME && requirements.isEmpty();
  }

  public boolean isNothing() {
    return reach == Reach.NONE;
  }

  /** By key in order. Empty for everything and for nothing. */
  public List<Requirement> requirements() {
    return requirements;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof LabelSelector selector
        && reach == selector.reach
        && requirements.equals(selector.requirements);
  }

  @Override
  public int hashCode() {
    return 31 * reach.hashCode() + requirements.hashCode();
  }

  /** The canonical form, which {@link #parse} reads back; empty for everything and for nothing. */
  @Override
  public String toString() {
    return requirements.stream().map(Requirement::toString).collect(Collectors.joining(","));
  }
}
