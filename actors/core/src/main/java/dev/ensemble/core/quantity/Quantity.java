package dev.ensemble.core.quantity;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;

/**
 * An exact amount. Two quantities are equal when their amounts are, whatever their format; {@link
 * #toString} prints the canonical form: no fraction, the largest suffix that keeps the value exact,
 * of the family that it was written in. Never finer than one nano.
 */
public final class Quantity implements Comparable<Quantity> {
  public static final Quantity ZERO = new Quantity(BigDecimal.ZERO, Format.DECIMAL_SI);

  static final int NANO_SCALE = 9;

  private static final BigDecimal KIBI = BigDecimal.valueOf(1024);
  private static final BigInteger KIBI_INTEGER = BigInteger.valueOf(1024);
  private static final String[] DECIMAL_SUFFIXES = {
    "n", "u", "m", "", "k", "M", "G", "T", "P", "E"
  };
  private static final String[] BINARY_SUFFIXES = {"", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei"};

  private final BigDecimal amount;
  private final Format format;

  Quantity(BigDecimal amount, Format format) {
    this.amount = amount;
    this.format = format;
  }

  /** The family of suffixes. */
  public enum Format {
    /** {@code 1e3}. */
    DECIMAL_EXPONENT,
    /** {@code 1Ki}, powers of 1024. */
    BINARY_SI,
    /** {@code 1k}, powers of 1000. */
    DECIMAL_SI
  }

  /**
   * Reads a quantity as upstream does. Fractions finer than a nano are rounded away from zero;
   * amounts in the binary family are capped at 2^63-1.
   *
   * @throws QuantityFormatException if the text is none
   */
  public static Quantity parse(String text) {
    return QuantityParser.parse(text);
  }

  public static Quantity of(long amount, Format format) {
    return new Quantity(BigDecimal.valueOf(amount), format);
  }

  public static Quantity of(long amount) {
    return of(amount, Format.DECIMAL_SI);
  }

  public static Quantity ofMilli(long milli) {
    return new Quantity(BigDecimal.valueOf(milli, 3), Format.DECIMAL_SI);
  }

  public static Quantity ofBytes(long bytes) {
    return of(bytes, Format.BINARY_SI);
  }

  public Format format() {
    return format;
  }

  public BigDecimal amount() {
    return amount;
  }

  public int signum() {
    return amount.signum();
  }

  public boolean isZero() {
    return amount.signum() == 0;
  }

  /** Rounded away from zero to a whole number; out of a long's range, the nearest long. */
  public long value() {
    return rounded(0);
  }

  /** Thousandths, rounded away from zero; out of a long's range, the nearest long. */
  public long milliValue() {
    return rounded(3);
  }

  /** This quantity rounded away from zero to whole thousandths, as limits and requests are kept. */
  public Quantity roundedUpToMilli() {
    return amount.scale() <= 3 ? this : new Quantity(amount.setScale(3, RoundingMode.UP), format);
  }

  /** The sum, in this quantity's format unless this is zero. */
  public Quantity add(Quantity other) {
    return new Quantity(amount.add(other.amount), isZero() ? other.format : format);
  }

  /** The difference, in this quantity's format unless this is zero. */
  public Quantity subtract(Quantity other) {
    return new Quantity(amount.subtract(other.amount), isZero() ? other.format : format);
  }

  public Quantity negate() {
    return new Quantity(amount.negate(), format);
  }

  private long rounded(int scale) {
    BigDecimal scaled = amount.movePointRight(scale).setScale(0, RoundingMode.UP);
    BigInteger whole = scaled.unscaledValue();
    if (whole.bitLength() > 63) {
      return whole.signum() < 0 ? Long.MIN_VALUE : Long.MAX_VALUE;
    }
    return whole.longValue();
  }

  @Override
  public int compareTo(Quantity other) {
    return amount.compareTo(other.amount);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Quantity quantity && compareTo(quantity) == 0;
  }

  @Override
  public int hashCode() {
    return amount.stripTrailingZeros().hashCode();
  }

  @Override
  public String toString() {
    if (isZero()) {
      return "0";
    }
    BigDecimal stripped = amount.stripTrailingZeros();
    if (format == Format.BINARY_SI && stripped.scale() <= 0 && amount.abs().compareTo(KIBI) >= 0) {
      return binaryText(stripped.toBigIntegerExact());
    }
    return decimalText(stripped);
  }

  private static String binaryText(BigInteger whole) {
    int power = 0;
    BigInteger number = whole;
    while (power < BINARY_SUFFIXES.length - 1) {
      BigInteger[] parts = number.divideAndRemainder(KIBI_INTEGER);
      if (parts[1].signum() != 0) {
        break;
      }
      number = parts[0];
      power++;
    }
    return number + BINARY_SUFFIXES[power];
  }

  private String decimalText(BigDecimal stripped) {
    int exponent = Math.floorDiv(-stripped.scale(), 3) * 3;
    if (format == Format.DECIMAL_EXPONENT) {
      String number = number(stripped, exponent);
      return exponent == 0 ? number : number + "e" + exponent;
    }
    // Above E there is no suffix; the number grows instead.
    int suffixed = Math.min(exponent, 18);
    return number(stripped, suffixed) + DECIMAL_SUFFIXES[suffixed / 3 + 3];
  }

  private static String number(BigDecimal stripped, int exponent) {
    return stripped.movePointLeft(exponent).toBigIntegerExact().toString();
  }
}
