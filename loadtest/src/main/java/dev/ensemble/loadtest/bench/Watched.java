package dev.ensemble.loadtest.bench;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The processes whose CPU time a benchmark divides by its requests, by name. */
public final class Watched {
  private final Map<String, CpuClock> clocks;

  private Watched(Map<String, CpuClock> clocks) {
    this.clocks = clocks;
  }

  /** The given processes and, as {@code client}, this one. */
  public static Watched with(Map<String, ProcessHandle> processes) {
    Map<String, CpuClock> clocks = new LinkedHashMap<>();
    processes.forEach((name, process) -> clocks.put(name, CpuClock.of(process)));
    clocks.put("client", CpuClock.ofThisProcess());
    return new Watched(clocks);
  }

  /** What each has used until now. */
  public Reading read() {
    Map<String, Duration> used = new LinkedHashMap<>();
    clocks.forEach((name, clock) -> used.put(name, clock.used()));
    return new Reading(used);
  }

  /** CPU time by process. */
  public record Reading(Map<String, Duration> used) {
    public Reading {
      used = new LinkedHashMap<>(used);
    }

    public Reading since(Reading before) {
      Map<String, Duration> spent = new LinkedHashMap<>();
      used.forEach((name, now) -> spent.put(name, now.minus(before.used.get(name))));
      return new Reading(spent);
    }

    /** For example {@code CPU ms: 0.512 ensemble, 0.310 cassandra, 0.101 client}. */
    public String millisEach(long count) {
      List<String> parts = new ArrayList<>();
      used.forEach(
          (name, time) ->
              parts.add(String.format(Locale.ROOT, "%.4g %s", time.toNanos() / 1e6 / count, name)));
      return "CPU ms: " + String.join(", ", parts);
    }
  }
}
