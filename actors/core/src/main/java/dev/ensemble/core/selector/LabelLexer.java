package dev.ensemble.core.selector;

import java.util.Set;

/** Splits a label selector into symbols and words, with one of lookahead. */
final class LabelLexer {
  private static final String SYMBOL_CHARACTERS = "=!(),><";
  private static final Set<String> SYMBOLS = Set.of("=", "==", "!=", "!", "(", ")", ",", ">", "<");

  /** The token after the last one: its text is empty, and no other token's is. */
  static final String END = "";

  private final String text;
  private int position;
  private String next;

  LabelLexer(String text) {
    this.text = text;
    this.next = scan();
  }

  /** The next token, which stays. */
  String peek() {
    return next;
  }

  String take() {
    String token = next;
    next = scan();
    return token;
  }

  static boolean isWord(String token) {
    return !token.isEmpty() && SYMBOL_CHARACTERS.indexOf(token.charAt(0)) < 0;
  }

  private String scan() {
    while (position < text.length() && isSpace(text.charAt(position))) {
      position++;
    }
    if (position == text.length()) {
      return END;
    }
    int start = position;
    if (isSymbolCharacter(start)) {
      position++;
      if (isSymbolCharacter(position) && SYMBOLS.contains(text.substring(start, position + 1))) {
        position++;
      }
    } else {
      while (position < text.length()
          && !isSymbolCharacter(position)
          && !isSpace(text.charAt(position))) {
        position++;
      }
    }
    return text.substring(start, position);
  }

  private boolean isSymbolCharacter(int index) {
    return index < text.length() && SYMBOL_CHARACTERS.indexOf(text.charAt(index)) >= 0;
  }

  private static boolean isSpace(char c) {
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
  }
}
