package dev.ensemble.core.scheduling;

/** Whole numbers that add up without turning negative. */
final class Amounts {
  private Amounts() {}

  /** A sum that stops at the largest long. */
  static long sum(long a, long b) {
    long sum = a + b;
    return ((a ^ sum) & (b ^ sum)) < 0 ? (a < 0 ? Long.MIN_VALUE : Long.MAX_VALUE) : sum;
  }
}
