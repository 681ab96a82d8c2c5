package dev.ensemble.loadtest.bench;

import java.util.List;

/** One benchmark. */
public interface Benchmark {
  /** The name after {@code ./ensemble bench}. */
  String name();

  /** One line on what is measured. */
  String description();

  /**
   * Measures, printing progress.
   *
   * @param arguments the words after the name
   */
  Result run(List<String> arguments) throws Exception;

  /** The figure that the benchmark stands for; printed as the last line. */
  record Result(double value, String unit) {}
}
