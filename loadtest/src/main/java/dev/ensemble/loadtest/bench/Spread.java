package dev.ensemble.loadtest.bench;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Locale;

/** Median, least and greatest of repeated measurements. */
public record Spread(double median, double least, double greatest, int count) {
  public static Spread of(Collection<Double> values) {
    if (values.isEmpty()) {
      throw new IllegalArgumentException("nothing was measured");
    }
    List<Double> sorted = new ArrayList<>(values);
    Collections.sort(sorted);
    int middle = sorted.size() / 2;
    double median =
        sorted.size() % 2 == 1
            ? sorted.get(middle)
            : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
    return new Spread(median, sorted.get(0), sorted.get(sorted.size() - 1), sorted.size());
  }

  /** {@code median [least … greatest]}. */
  @Override
  public String toString() {
    return String.format(Locale.ROOT, "%.4g [%.4g … %.4g]", median, least, greatest);
  }
}
