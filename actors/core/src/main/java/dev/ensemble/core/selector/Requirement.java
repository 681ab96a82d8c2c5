package dev.ensemble.core.selector;

import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/** One condition on one label. */
public record Requirement(String key, Operator operator, SortedSet<String> values) {

  /** How a label's value is compared; the text is how the canonical form writes it. */
  public enum Operator {
    EQUALS("="),
    DOUBLE_EQUALS("=="),
    NOT_EQUALS("!="),
    IN("in"),
    NOT_IN("notin"),
    EXISTS("exists"),
    DOES_NOT_EXIST("!"),
    GREATER_THAN(">"),
    LESS_THAN("<");

    private final String text;

    Operator(String text) {
      this.text = text;
    }

    public String text() {
      return text;
    }
  }

  /**
   * @throws SelectorException if key, values or their number do not fit
   */
  public Requirement {
    values = java.util.Collections.unmodifiableSortedSet(new TreeSet<>(values));
    check(LabelSyntax.keyError(key), "key: Invalid value: \"" + key + "\"");
    checkCount(operator, values);
    for (String value : values) {
      check(
          LabelSyntax.valueError(value),
          "values["
              + values.headSet(value).size()
              + "]["
              + key
              + "]: Invalid value: \""
              + value
              + "\"");
    }
  }

  private static void check(Optional<String> error, String where) {
    if (error.isPresent()) {
      throw new SelectorException(where + ": " + error.get());
    }
  }

  private static void checkCount(Operator operator, SortedSet<String> values) {
    switch (operator) {
      case IN, NOT_IN -> {
        if (values.isEmpty()) {
          throw new SelectorException(
              "values: Invalid value: []: for 'in', 'notin' operators, values set can't be empty");
        }
      }
      case EQUALS, DOUBLE_EQUALS, NOT_EQUALS -> {
        if (values.size() != 1) {
          throw new SelectorException(
              "values: Invalid value: "
                  + values
                  + ": exact-match compatibility requires one"
                  + " single value");
        }
      }
      case EXISTS, DOES_NOT_EXIST -> {
        if (!values.isEmpty()) {
          throw new SelectorException(
              "values: Invalid value: "
                  + values
                  + ": values set must be empty for exists and does"
                  + " not exist");
        }
      }
      case GREATER_THAN, LESS_THAN -> {
        if (values.size() != 1 || integer(values.first()).isEmpty()) {
          throw new SelectorException(
              "values: Invalid value: "
                  + values
                  + ": for 'Gt', 'Lt' operators, exactly one value"
                  + " is required, and it must be an integer");
        }
      }
    }
  }

  public boolean matches(Map<String, String> labels) {
    String value = labels.get(key);
    return switch (operator) {
      case EQUALS, DOUBLE_EQUALS, IN -> value != null && values.contains(value);
      case NOT_EQUALS, NOT_IN -> value == null || !values.contains(value);
      case EXISTS -> value != null;
      case DOES_NOT_EXIST -> value == null;
      case GREATER_THAN -> value != null && compare(value) > 0;
      case LESS_THAN -> value != null && compare(value) < 0;
    };
  }

  /** A value that is no integer compares as equal, so that it neither exceeds nor falls below. */
  private int compare(String value) {
    Optional<Long> actual = integer(value);
    Optional<Long> bound = integer(values.first());
    return actual.isPresent() && bound.isPresent() ? actual.get().compareTo(bound.get()) : 0;
  }

  private static Optional<Long> integer(String text) {
    try {
      return Optional.of(Long.parseLong(text));
    } catch (NumberFormatException notInteger) {
      return Optional.empty();
    }
  }

  /** The canonical form: {@code a=b}, {@code a in (b,c)}, {@code !a}; values in order. */
  @Override
  public String toString() {
    return switch (operator) {
      case EXISTS -> key;
      case DOES_NOT_EXIST -> "!" + key;
      case IN, NOT_IN -> key + " " + operator.text() + " (" + String.join(",", values) + ")";
      case EQUALS, DOUBLE_EQUALS, NOT_EQUALS, GREATER_THAN, LESS_THAN ->
          key + operator.text() + values.first();
    };
  }
}
