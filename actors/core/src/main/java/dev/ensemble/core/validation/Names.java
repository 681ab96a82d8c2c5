package dev.ensemble.core.validation;

import java.util.List;
import java.util.function.IntUnaryOperator;

/**
 * Forms of names. Each check answers with sentences about what is wrong, none if the name is well
 * formed. Loops, not patterns: every write of every object passes here.
 */
public final class Names {
  /** Letters and digits without vowels and look-alikes, so that no words appear. */
  private static final String SUFFIX_ALPHABET = "bcdfghjklmnpqrstvwxz2456789";

  private static final int SUFFIX_LENGTH = 5;
  private static final int GENERATED_LENGTH_MAX = 63;
  private static final int LABEL_LENGTH_MAX = 63;
  private static final int SUBDOMAIN_LENGTH_MAX = 253;

  private static final String LABEL_PATTERN = "[a-z0-9]([-a-z0-9]*[a-z0-9])?";

  private Names() {}

  /** Whether a text is a whole name or what a generated suffix will be put after. */
  public enum Part {
    WHOLE,
    PREFIX
  }

  /** A rule for names of one kind. */
  @FunctionalInterface
  public interface Form {
    List<String> faults(String name, Part part);
  }

  /**
   * A name made of the prefix and five random characters.
   *
   * @param below gives a number from 0 to below its argument
   */
  public static String generated(String prefix, IntUnaryOperator below) {
    String base =
        prefix.length() > GENERATED_LENGTH_MAX - SUFFIX_LENGTH
            ? prefix.substring(0, GENERATED_LENGTH_MAX - SUFFIX_LENGTH)
            : prefix;
    StringBuilder name = new StringBuilder(base);
    for (int i = 0; i < SUFFIX_LENGTH; i++) {
      name.append(SUFFIX_ALPHABET.charAt(below.applyAsInt(SUFFIX_ALPHABET.length())));
    }
    return name.toString();
  }

  public static List<String> dns1123Label(String text) {
    return dns1123Label(text, Part.WHOLE);
  }

  public static List<String> dns1123Label(String text, Part part) {
    String name = withoutTrailingDash(text, part);
    boolean fits = name.length() <= LABEL_LENGTH_MAX;
    boolean formed = isLabel(name, 0, name.length());
    if (fits && formed) {
      return List.of();
    }
    String form =
        "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and"
            + " must start and end with an alphanumeric character "
            + example("'my-name',  or '123-abc'", LABEL_PATTERN);
    return faults(fits, LABEL_LENGTH_MAX, formed, form);
  }

  public static List<String> dns1123Subdomain(String text) {
    return dns1123Subdomain(text, Part.WHOLE);
  }

  public static List<String> dns1123Subdomain(String text, Part part) {
    String name = withoutTrailingDash(text, part);
    boolean fits = name.length() <= SUBDOMAIN_LENGTH_MAX;
    boolean formed = isSubdomain(name);
    if (fits && formed) {
      return List.of();
    }
    String form =
        "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or"
            + " '.', and must start and end with an alphanumeric character "
            + example("'example.com'", LABEL_PATTERN + "(\\." + LABEL_PATTERN + ")*");
    return faults(fits, SUBDOMAIN_LENGTH_MAX, formed, form);
  }

  public static List<String> dns1035Label(String text) {
    return dns1035Label(text, Part.WHOLE);
  }

  public static List<String> dns1035Label(String text, Part part) {
    String name = withoutTrailingDash(text, part);
    boolean fits = name.length() <= LABEL_LENGTH_MAX;
    boolean formed = isLabel(name, 0, name.length()) && isLower(name.charAt(0));
    if (fits && formed) {
      return List.of();
    }
    String form =
        "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an"
            + " alphabetic character, and end with an alphanumeric character "
            + example("'my-name',  or 'abc-123'", "[a-z]([-a-z0-9]*[a-z0-9])?");
    return faults(fits, LABEL_LENGTH_MAX, formed, form);
  }

  /** What any name in a path must keep to, custom resources' too. */
  public static List<String> pathSegment(String name, Part part) {
    if (part == Part.WHOLE && (name.equals(".") || name.equals(".."))) {
      return List.of("may not be '" + name + "'");
    }
    if (name.indexOf('/') >= 0) {
      return List.of("may not contain '/'");
    }
    return name.indexOf('%') >= 0 ? List.of("may not contain '%'") : List.of();
  }

  static boolean isSubdomain(String name) {
    int start = 0;
    while (true) {
      int dot = name.indexOf('.', start);
      int end = dot < 0 ? name.length() : dot;
      if (!isLabel(name, start, end)) {
        return false;
      }
      if (dot < 0) {
        return true;
      }
      start = dot + 1;
    }
  }

  private static boolean isLabel(String text, int start, int end) {
    if (start >= end
        || !isLowerOrDigit(text.charAt(start))
        || !isLowerOrDigit(text.charAt(end - 1))) {
      return false;
    }
    for (int i = start; i < end; i++) {
      char c = text.charAt(i);
      if (!isLowerOrDigit(c) && c != '-') {
        return false;
      }
    }
    return true;
  }

  static boolean isLower(char c) {
    return c >= 'a' && c <= 'z';
  }

  static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  static boolean isLowerOrDigit(char c) {
    return isLower(c) || isDigit(c);
  }

  static boolean isLetterOrDigit(char c) {
    return isLowerOrDigit(c) || (c >= 'A' && c <= 'Z');
  }

  static String tooLong(int max) {
    return "must be no more than " + max + " bytes";
  }

  static String example(String examples, String pattern) {
    return "(e.g. " + examples + ", regex used for validation is '" + pattern + "')";
  }

  private static List<String> faults(boolean fits, int lengthMax, boolean formed, String form) {
    if (!fits && !formed) {
      return List.of(tooLong(lengthMax), form);
    }
    return List.of(fits ? form : tooLong(lengthMax));
  }

  // The suffix that follows makes a dash at the end legal.
  private static String withoutTrailingDash(String text, Part part) {
    return part == Part.PREFIX && text.length() > 1 && text.endsWith("-")
        ? text.substring(0, text.length() - 2) + "a"
        : text;
  }
}
