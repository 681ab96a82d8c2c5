package dev.ensemble.core.patch;

import java.util.ArrayList;
import java.util.List;

/** A JSON pointer (RFC 6901), read into its reference tokens. */
record JsonPointer(String text, List<String> tokens) {

  static JsonPointer parse(String text) {
    List<String> tokens = new ArrayList<>();
    if (!text.isEmpty()) {
      if (text.charAt(0) != '/') {
        throw invalid(text);
      }
      int from = 1;
      for (int slash = text.indexOf('/', from); slash >= 0; slash = text.indexOf('/', from)) {
        tokens.add(unescape(text, text.substring(from, slash)));
        from = slash + 1;
      }
      tokens.add(unescape(text, text.substring(from)));
    }
    return new JsonPointer(text, List.copyOf(tokens));
  }

  boolean isRoot() {
    return tokens.isEmpty();
  }

  String last() {
    return tokens.get(tokens.size() - 1);
  }

  /** Whether this points at something below {@code other}. */
  boolean isInside(JsonPointer other) {
    return tokens.size() > other.tokens.size()
        && tokens.subList(0, other.tokens.size()).equals(other.tokens);
  }

  private static String unescape(String whole, String token) {
    if (token.indexOf('~') < 0) {
      return token;
    }
    StringBuilder plain = new StringBuilder(token.length());
    for (int i = 0; i < token.length(); ) {
      char c = token.charAt(i++);
      if (c != '~') {
        plain.append(c);
        continue;
      }
      char escaped = i < token.length() ? token.charAt(i++) : ' ';
      if (escaped != '0' && escaped != '1') {
        throw invalid(whole);
      }
      plain.append(escaped == '0' ? '~' : '/');
    }
    return plain.toString();
  }

  private static PatchException invalid(String text) {
    return new PatchException(
        PatchException.Kind.UNPROCESSABLE, "invalid JSON pointer: \"" + text + "\"");
  }
}
