package dev.ensemble.core.scheduling;

import java.math.BigDecimal;
import java.math.RoundingMode;

/** Resource quantities as whole numbers, rounded up and kept within a long. */
final class Amounts {
  private static final BigDecimal MAX = BigDecimal.valueOf(Long.MAX_VALUE);

  private Amounts() {}

  static long whole(String quantity) {
    return bounded(parse(quantity));
  }

  static long thousandths(String quantity) {
    return bounded(parse(quantity).movePointRight(3));
  }

  /** A sum that stops at the largest long instead of turning negative. */
  static long sum(long a, long b) {
    long sum = a + b;
    return ((a ^ sum) & (b ^ sum)) < 0 ? (a < 0 ? Long.MIN_VALUE : Long.MAX_VALUE) : sum;
  }

  private static long bounded(BigDecimal value) {
    return value.min(MAX).setScale(0, RoundingMode.CEILING).longValueExact();
  }

  private static BigDecimal parse(String quantity) {
    int end = quantity.length();
    if (end > 1 && quantity.charAt(end - 1) == 'i') {
      int power = "KMGTPE".indexOf(quantity.charAt(end - 2)) + 1;
      if (power > 0) {
        return new BigDecimal(quantity.substring(0, end - 2))
            .multiply(BigDecimal.valueOf(1024).pow(power));
      }
    }
    if (end > 0 && !Character.isDigit(quantity.charAt(end - 1))) {
      int exponent =
          switch (quantity.charAt(end - 1)) {
            case 'n' -> -9;
            case 'u' -> -6;
            case 'm' -> -3;
            case 'k' -> 3;
            case 'M' -> 6;
            case 'G' -> 9;
            case 'T' -> 12;
            case 'P' -> 15;
            case 'E' -> 18;
            case '.' -> 0;
            default -> throw new NumberFormatException("not a quantity: '" + quantity + "'");
          };
      return new BigDecimal(quantity.substring(0, end - 1)).scaleByPowerOfTen(exponent);
    }
    return new BigDecimal(quantity);
  }
}
