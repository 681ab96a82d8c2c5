package dev.ensemble.loadtest.profile;

import dev.ensemble.loadtest.bench.Watched;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * A time in which a control plane did one thing, with what it used.
 *
 * @param operations how often it did the thing
 * @param threads the control plane's CPU time
 */
public record Phase(
    String name,
    long operations,
    Recording.Span span,
    Watched.Reading used,
    Map<ThreadClocks.Kind, Duration> threads) {
  private static final int LEAVES = 12;
  private static final double PART_MIN = 0.005;

  /** A line of the table: what takes the control plane's CPU, and how much. */
  public record Line(String what, double part) {}

  /** Parts of the control plane's whole CPU time: threads by their clocks, Java code by samples. */
  public List<Line> lines(Samples cpu) {
    double all = threads.values().stream().mapToLong(Duration::toMillis).sum();
    List<Line> lines = new ArrayList<>();
    if (all == 0) {
      return lines;
    }
    threads.forEach(
        (kind, used) -> {
          if (kind != ThreadClocks.Kind.JAVA) {
            lines.add(new Line(kind.label(), used.toMillis() / all));
          }
        });
    double java = threads.getOrDefault(ThreadClocks.Kind.JAVA, Duration.ZERO).toMillis() / all;
    cpu.areas().forEach(share -> lines.add(new Line(share.what().label(), share.part() * java)));
    lines.sort((one, other) -> Double.compare(other.part(), one.part()));
    return lines;
  }

  /** The phase as text. */
  public String report(Recording.Cut cut) {
    double micros =
        operations == 0
            ? 0
            : threads.values().stream().mapToLong(Duration::toMillis).sum() * 1e3 / operations;
    StringBuilder text = new StringBuilder();
    text.append(
        String.format(
            Locale.ROOT,
            "%n%s: %d operations, %s; %.1f µs of CPU each (%d samples)%n",
            name,
            operations,
            used.millisEach(Math.max(1, operations)),
            micros,
            cut.cpu().total()));
    for (Line line : lines(cut.cpu())) {
      if (line.part() >= PART_MIN) {
        text.append(
            String.format(
                Locale.ROOT,
                "  %5.1f %%  %9.1f µs  %s%n",
                line.part() * 100,
                line.part() * micros,
                line.what()));
      }
    }
    text.append("  Java frames on top:\n");
    for (Samples.Share<Frame> leaf : cut.cpu().leaves(LEAVES)) {
      text.append(String.format(Locale.ROOT, "  %5.1f %%  %s%n", leaf.part() * 100, leaf.what()));
    }
    text.append(
        String.format(
            Locale.ROOT,
            "  bytes allocated: %.0f each, by%n",
            (double) cut.allocation().total() / Math.max(1, operations)));
    for (Samples.Share<Area> area : cut.allocation().areas()) {
      if (area.part() >= 2 * PART_MIN) {
        text.append(
            String.format(Locale.ROOT, "  %5.1f %%  %s%n", area.part() * 100, area.what().label()));
      }
    }
    return text.toString();
  }
}
