package dev.ensemble.core.selector;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * A condition on fields: all terms hold. Which paths a kind has is not known here; who reads the
 * selector checks {@link #terms} against the kind's selectable fields.
 */
public record FieldSelector(List<Term> terms) {
  public FieldSelector {
    terms = List.copyOf(terms);
  }

  /** {@code path=value} or {@code path!=value}. */
  public record Term(String path, Operator operator, String value) {
    boolean matches(Function<String, String> fields) {
      return (operator == Operator.EQUALS) == value.equals(fields.apply(path));
    }

    @Override
    public String toString() {
      return path + operator.text + escape(value);
    }
  }

  /** How a field is compared; {@code ==} is read as {@code =}. */
  public enum Operator {
    EQUALS("="),
    NOT_EQUALS("!=");

    private final String text;

    Operator(String text) {
      this.text = text;
    }
  }

  public static FieldSelector everything() {
    return new FieldSelector(List.of());
  }

  /**
   * Reads the text of a {@code fieldSelector} parameter. In values a backslash escapes backslash,
   * comma and equals sign; empty terms are skipped.
   *
   * @throws SelectorException if a term has no operator or a value is not escaped
   */
  public static FieldSelector parse(String text) {
    List<Term> terms = new ArrayList<>();
    for (String part : split(text)) {
      if (!part.isEmpty()) {
        terms.add(term(text, part));
      }
    }
    return new FieldSelector(terms);
  }

  /**
   * Whether all terms hold. {@code fields} gives a path's value as text, empty for a field that is
   * not set; it is never given a path that the selector does not name, and never returns null.
   */
  public boolean matches(Function<String, String> fields) {
    for (Term term : terms) {
      if (!term.matches(fields)) {
        return false;
      }
    }
    return true;
  }

  public boolean isEverything() {
    return terms.isEmpty();
  }

  /** The value that the path must have, if a term says so: for indexes. */
  public Optional<String> requiredValue(String path) {
    return terms.stream()
        .filter(term -> term.operator() == Operator.EQUALS && term.path().equals(path))
        .map(Term::value)
        .findFirst();
  }

  /** The form that {@link #parse} reads back. */
  @Override
  public String toString() {
    return terms.stream().map(Term::toString).collect(Collectors.joining(","));
  }

  private static List<String> split(String text) {
    List<String> parts = new ArrayList<>();
    int start = 0;
    for (int i = 0; i < text.length(); i += text.charAt(i) == '\\' ? 2 : 1) {
      if (text.charAt(i) == ',') {
        parts.add(text.substring(start, i));
        start = i + 1;
      }
    }
    parts.add(text.substring(start));
    return parts;
  }

  private static Term term(String selector, String part) {
    for (int i = 0; i < part.length(); i += part.charAt(i) == '\\' ? 2 : 1) {
      if (part.startsWith("!=", i)) {
        return new Term(part.substring(0, i), Operator.NOT_EQUALS, unescape(part.substring(i + 2)));
      }
      if (part.charAt(i) == '=') {
        int value = part.startsWith("==", i) ? i + 2 : i + 1;
        return new Term(part.substring(0, i), Operator.EQUALS, unescape(part.substring(value)));
      }
    }
    throw new SelectorException(
        "invalid selector: '" + selector + "'; can't understand '" + part + "'");
  }

  private static String escape(String value) {
    StringBuilder escaped = new StringBuilder(value.length() + 4);
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (c == '\\' || c == ',' || c == '=') {
        escaped.append('\\');
      }
      escaped.append(c);
    }
    return escaped.toString();
  }

  private static String unescape(String value) {
    StringBuilder plain = new StringBuilder(value.length());
    for (int i = 0; i < value.length(); ) {
      char c = value.charAt(i++);
      if (c == ',' || c == '=') {
        throw new SelectorException(
            "invalid field selector: unescaped character in value: '" + c + "'");
      }
      if (c == '\\') {
        char escaped = i < value.length() ? value.charAt(i++) : ' ';
        if (escaped != '\\' && escaped != ',' && escaped != '=') {
          throw new SelectorException(
              "invalid field selector: invalid escape sequence: \\" + escaped);
        }
        plain.append(escaped);
      } else {
        plain.append(c);
      }
    }
    return plain.toString();
  }
}
