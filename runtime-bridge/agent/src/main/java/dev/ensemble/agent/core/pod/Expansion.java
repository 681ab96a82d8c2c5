package dev.ensemble.agent.core.pod;

import java.util.Optional;
import java.util.function.Function;

/**
 * Kubernetes' {@code $(VAR)} expansion: {@code $$} is a dollar, what is not known stays as it is.
 */
public final class Expansion {
  private Expansion() {}

  public static String expand(String text, Function<String, Optional<String>> variables) {
    StringBuilder out = new StringBuilder(text.length());
    int i = 0;
    while (i < text.length()) {
      char here = text.charAt(i);
      char next = i + 1 < text.length() ? text.charAt(i + 1) : 0;
      int close = here == '$' && next == '(' ? text.indexOf(')', i) : -1;
      if (here == '$' && next == '$') {
        out.append('$');
        i += 2;
      } else if (close > 0) {
        String reference = text.substring(i, close + 1);
        out.append(variables.apply(text.substring(i + 2, close)).orElse(reference));
        i = close + 1;
      } else {
        out.append(here);
        i++;
      }
    }
    return out.toString();
  }
}
