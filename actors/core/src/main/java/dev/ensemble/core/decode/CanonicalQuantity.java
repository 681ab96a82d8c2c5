package dev.ensemble.core.decode;

import dev.ensemble.core.quantity.Quantity;
import java.util.Set;

/** Quantities in the one form in which they are written. */
final class CanonicalQuantity {
  private static final Set<String> DECIMAL = Set.of("", "m", "k", "M", "G");
  private static final Set<String> BINARY = Set.of("Ki", "Mi", "Gi", "Ti");

  // Far from every bound of a quantity, with any suffix above.
  private static final int FAST_DIGITS_MAX = 6;

  private CanonicalQuantity() {}

  /**
   * The canonical form.
   *
   * @throws dev.ensemble.core.quantity.QuantityFormatException if it is no quantity
   */
  static String of(String text) {
    return isCanonical(text) ? text : Quantity.parse(text).toString();
  }

  /**
   * Knows most of what is ever sent: a small whole number that no larger suffix would hold. Says no
   * where it is not sure.
   */
  static boolean isCanonical(String text) {
    int digits = 0;
    int number = 0;
    while (digits < text.length() && Character.digit(text.charAt(digits), 10) >= 0) {
      if (digits == FAST_DIGITS_MAX || text.charAt(digits) > '9') {
        return false;
      }
      number = number * 10 + (text.charAt(digits) - '0');
      digits++;
    }
    if (digits == 0 || text.charAt(0) == '0') {
      return false;
    }
    String suffix = text.substring(digits);
    return DECIMAL.contains(suffix)
        ? number % 1000 != 0
        : BINARY.contains(suffix) && number % 1024 != 0;
  }
}
