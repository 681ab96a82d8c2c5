package dev.ensemble.core.selector;

import dev.ensemble.core.selector.Requirement.Operator;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/** Reads {@code a=b, c in (d,e), !f}. */
final class LabelParser {
  private final LabelLexer tokens;

  private LabelParser(String text) {
    this.tokens = new LabelLexer(text);
  }

  static List<Requirement> parse(String text) {
    return new LabelParser(text).requirements();
  }

  private List<Requirement> requirements() {
    List<Requirement> requirements = new ArrayList<>();
    if (tokens.peek().equals(LabelLexer.END)) {
      return requirements;
    }
    if (!startsRequirement(tokens.peek())) {
      throw found(tokens.peek(), "!, identifier, or 'end of string'");
    }
    while (true) {
      requirements.add(checkedRequirement());
      String separator = tokens.take();
      if (separator.equals(LabelLexer.END)) {
        return requirements;
      }
      if (!separator.equals(",")) {
        throw found(separator, "',' or 'end of string'");
      }
      if (!startsRequirement(tokens.peek())) {
        throw found(tokens.peek(), "identifier after ','");
      }
    }
  }

  private static boolean startsRequirement(String token) {
    return token.equals("!") || LabelLexer.isWord(token);
  }

  private Requirement checkedRequirement() {
    try {
      return requirement();
    } catch (SelectorException wrong) {
      throw new SelectorException("unable to parse requirement: " + wrong.getMessage());
    }
  }

  private Requirement requirement() {
    boolean negated = tokens.peek().equals("!");
    if (negated) {
      tokens.take();
    }
    String key = tokens.take();
    if (!LabelLexer.isWord(key)) {
      throw found(key, "identifier");
    }
    if (negated) {
      return new Requirement(key, Operator.DOES_NOT_EXIST, new TreeSet<>());
    }
    if (tokens.peek().equals(LabelLexer.END) || tokens.peek().equals(",")) {
      return new Requirement(key, Operator.EXISTS, new TreeSet<>());
    }
    Operator operator = operator(tokens.take());
    SortedSet<String> values =
        operator == Operator.IN || operator == Operator.NOT_IN ? values() : exactValue();
    return new Requirement(key, operator, values);
  }

  private static Operator operator(String token) {
    return switch (token) {
      case "=" -> Operator.EQUALS;
      case "==" -> Operator.DOUBLE_EQUALS;
      case "!=" -> Operator.NOT_EQUALS;
      case "in" -> Operator.IN;
      case "notin" -> Operator.NOT_IN;
      case ">" -> Operator.GREATER_THAN;
      case "<" -> Operator.LESS_THAN;
      default -> throw found(token, "in, notin, =, ==, !=, gt, lt");
    };
  }

  private SortedSet<String> exactValue() {
    SortedSet<String> values = new TreeSet<>();
    if (tokens.peek().equals(LabelLexer.END) || tokens.peek().equals(",")) {
      values.add("");
      return values;
    }
    String value = tokens.take();
    if (!LabelLexer.isWord(value)) {
      throw found(value, "identifier");
    }
    values.add(value);
    return values;
  }

  /** A list in parentheses. A place with nothing in it means the empty value. */
  private SortedSet<String> values() {
    String open = tokens.take();
    if (!open.equals("(")) {
      throw found(open, "'('");
    }
    SortedSet<String> values = new TreeSet<>();
    while (true) {
      String token = tokens.peek();
      boolean word = LabelLexer.isWord(token);
      values.add(word ? tokens.take() : "");
      String separator = tokens.take();
      if (separator.equals(")")) {
        return values;
      }
      if (!separator.equals(",")) {
        throw found(separator, word ? "',' or ')'" : "',', ')' or identifier");
      }
    }
  }

  private static SelectorException found(String token, String expected) {
    return new SelectorException("found '" + token + "', expected: " + expected);
  }
}
