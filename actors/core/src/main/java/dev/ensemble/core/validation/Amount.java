package dev.ensemble.core.validation;

import java.math.BigDecimal;
import java.util.Optional;

/** Stand-in until core.quantity is there. */
final class Amount {
  private Amount() {}

  static Optional<BigDecimal> parse(String text) {
    int end = text.length();
    while (end > 0 && !Names.isDigit(text.charAt(end - 1)) && text.charAt(end - 1) != '.') {
      end--;
    }
    Optional<BigDecimal> factor = factor(text.substring(end));
    try {
      BigDecimal number = new BigDecimal(text.substring(0, end));
      return factor.map(number::multiply);
    } catch (NumberFormatException malformed) {
      return Optional.empty();
    }
  }

  private static Optional<BigDecimal> factor(String suffix) {
    if (suffix.length() == 2 && suffix.charAt(1) == 'i') {
      int power = "KMGTPE".indexOf(suffix.charAt(0)) + 1;
      return power == 0 ? Optional.empty() : Optional.of(BigDecimal.valueOf(1024).pow(power));
    }
    int position = suffix.isEmpty() ? 3 : "num.kMGTPE".indexOf(suffix);
    return position < 0 || suffix.length() > 1 || suffix.equals(".")
        ? Optional.empty()
        : Optional.of(BigDecimal.ONE.scaleByPowerOfTen((position - 3) * 3));
  }
}
