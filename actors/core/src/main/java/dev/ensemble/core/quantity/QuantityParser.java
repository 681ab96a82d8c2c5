package dev.ensemble.core.quantity;

import dev.ensemble.core.quantity.Quantity.Format;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;

/** Reads {@code sign digits [. digits] suffix}. */
final class QuantityParser {
  /** Longer texts are refused: exact arithmetic on them would cost without bound. */
  private static final int LENGTH_MAX = 128;

  /** Exponents beyond are refused, for the same reason. Far above any amount in use. */
  private static final int EXPONENT_MAX = 100;

  private static final BigDecimal LARGEST = BigDecimal.valueOf(Long.MAX_VALUE);
  private static final BigInteger TWO = BigInteger.TWO;

  private QuantityParser() {}

  static Quantity parse(String text) {
    if (text.isEmpty() || text.length() > LENGTH_MAX) {
      throw malformed();
    }
    int start = text.charAt(0) == '-' || text.charAt(0) == '+' ? 1 : 0;
    int point = skipDigits(text, start);
    int end =
        point < text.length() && text.charAt(point) == '.' ? skipDigits(text, point + 1) : point;
    int digits = end - start - (end > point ? 1 : 0);
    if (digits == 0) {
      throw malformed();
    }
    int fraction = end > point ? end - point - 1 : 0;
    String numerals =
        fraction == 0
            ? text.substring(start, point)
            : text.substring(start, point) + text.substring(point + 1, end);
    BigDecimal number =
        numerals.length() <= 18
            ? BigDecimal.valueOf(Long.parseLong(numerals), fraction)
            : new BigDecimal(new BigInteger(numerals), fraction);
    return scaled(number, text.charAt(0) == '-', text.substring(end));
  }

  private static Quantity scaled(BigDecimal number, boolean negative, String suffix) {
    Format format = format(suffix);
    BigDecimal amount =
        format == Format.BINARY_SI
            ? number.multiply(new BigDecimal(TWO.pow(binaryPower(suffix))))
            : number.scaleByPowerOfTen(decimalPower(suffix, format));
    if (amount.scale() > Quantity.NANO_SCALE) {
      amount = amount.setScale(Quantity.NANO_SCALE, RoundingMode.UP);
    }
    if (format == Format.BINARY_SI) {
      if (amount.compareTo(LARGEST) > 0) {
        amount = LARGEST;
      }
      if (amount.signum() > 0 && amount.compareTo(BigDecimal.ONE) < 0) {
        format = Format.DECIMAL_SI;
      }
    }
    return new Quantity(negative ? amount.negate() : amount, format);
  }

  private static Format format(String suffix) {
    if (suffix.length() == 2 && suffix.charAt(1) == 'i') {
      return Format.BINARY_SI;
    }
    boolean exponent = suffix.length() > 1 && (suffix.charAt(0) == 'e' || suffix.charAt(0) == 'E');
    return exponent ? Format.DECIMAL_EXPONENT : Format.DECIMAL_SI;
  }

  private static int binaryPower(String suffix) {
    int index = "KMGTPE".indexOf(suffix.charAt(0));
    if (index < 0) {
      throw badSuffix();
    }
    return (index + 1) * 10;
  }

  private static int decimalPower(String suffix, Format format) {
    if (format == Format.DECIMAL_EXPONENT) {
      return exponent(suffix);
    }
    if (suffix.isEmpty()) {
      return 0;
    }
    int index = suffix.length() == 1 ? "num kMGTPE".indexOf(suffix.charAt(0)) : -1;
    if (index < 0 || suffix.charAt(0) == ' ') {
      throw suffixIsForeign(suffix) ? malformed() : badSuffix();
    }
    return (index - 3) * 3;
  }

  private static int exponent(String suffix) {
    int sign = suffix.charAt(1) == '-' || suffix.charAt(1) == '+' ? 1 : 0;
    int from = 1 + sign;
    if (from == suffix.length() || skipDigits(suffix, from) != suffix.length()) {
      throw suffixIsForeign(suffix) ? malformed() : badSuffix();
    }
    int significant = from;
    while (significant < suffix.length() - 1 && suffix.charAt(significant) == '0') {
      significant++;
    }
    int value =
        suffix.length() - significant > 3
            ? Integer.MAX_VALUE
            : Integer.parseInt(suffix.substring(significant));
    if (value > EXPONENT_MAX) {
      throw badSuffix();
    }
    return suffix.charAt(1) == '-' ? -value : value;
  }

  private static boolean suffixIsForeign(String suffix) {
    int i = 0;
    while (i < suffix.length() && "eEinumkKMGTP".indexOf(suffix.charAt(i)) >= 0) {
      i++;
    }
    if (i < suffix.length() && (suffix.charAt(i) == '-' || suffix.charAt(i) == '+')) {
      i++;
    }
    return skipDigits(suffix, i) != suffix.length();
  }

  private static int skipDigits(String text, int from) {
    int i = from;
    while (i < text.length() && text.charAt(i) >= '0' && text.charAt(i) <= '9') {
      i++;
    }
    return i;
  }

  private static QuantityFormatException malformed() {
    return new QuantityFormatException(
        "quantities must match the regular expression"
            + " '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'");
  }

  private static QuantityFormatException badSuffix() {
    return new QuantityFormatException("unable to parse quantity's suffix");
  }
}
