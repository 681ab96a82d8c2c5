package dev.ensemble.core.selector;

import java.util.Optional;

/** What keys and values of labels may look like. */
final class LabelSyntax {
  private static final int NAME_MAX = 63;
  private static final int PREFIX_MAX = 253;

  private LabelSyntax() {}

  /** What is wrong with a label's key: {@code [dns.subdomain/]name}. Empty if nothing is. */
  static Optional<String> keyError(String key) {
    int slash = key.indexOf('/');
    if (slash >= 0 && key.indexOf('/', slash + 1) >= 0) {
      return Optional.of(
          "a valid label key must consist of alphanumeric characters, '-', '_' or '.', and must"
              + " start and end with an alphanumeric character, with an optional DNS subdomain"
              + " prefix and '/'");
    }
    if (slash >= 0) {
      Optional<String> prefixError = prefixError(key.substring(0, slash));
      if (prefixError.isPresent()) {
        return prefixError;
      }
    }
    String name = key.substring(slash + 1);
    if (name.isEmpty()) {
      return Optional.of("name part must be non-empty");
    }
    if (name.length() > NAME_MAX) {
      return Optional.of("name part must be no more than " + NAME_MAX + " characters");
    }
    return isName(name)
        ? Optional.empty()
        : Optional.of(
            "name part must consist of alphanumeric characters, '-', '_' or '.', and must start"
                + " and end with an alphanumeric character");
  }

  /** What is wrong with a label's value. Empty if nothing is; the empty value is fine. */
  static Optional<String> valueError(String value) {
    if (value.length() > NAME_MAX) {
      return Optional.of("must be no more than " + NAME_MAX + " characters");
    }
    return value.isEmpty() || isName(value)
        ? Optional.empty()
        : Optional.of(
            "a valid label must be an empty string or consist of alphanumeric characters, '-', '_'"
                + " or '.', and must start and end with an alphanumeric character");
  }

  private static Optional<String> prefixError(String prefix) {
    if (prefix.isEmpty()) {
      return Optional.of("prefix part must be non-empty");
    }
    if (prefix.length() > PREFIX_MAX) {
      return Optional.of("prefix part must be no more than " + PREFIX_MAX + " characters");
    }
    return isSubdomain(prefix)
        ? Optional.empty()
        : Optional.of(
            "prefix part a lowercase RFC 1123 subdomain must consist of lower case alphanumeric"
                + " characters, '-' or '.', and must start and end with an alphanumeric character");
  }

  private static boolean isSubdomain(String text) {
    boolean labelStarts = true;
    char before = '.';
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      boolean plain = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
      if (c == '.' ? labelStarts || before == '-' : !plain && (c != '-' || labelStarts)) {
        return false;
      }
      labelStarts = c == '.';
      before = c;
    }
    return !labelStarts && before != '-';
  }

  private static boolean isName(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      boolean inner = i > 0 && i < text.length() - 1;
      if (!isAlphanumeric(c) && !(inner && (c == '-' || c == '_' || c == '.'))) {
        return false;
      }
    }
    return true;
  }

  private static boolean isAlphanumeric(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
  }
}
