package dev.ensemble.loadtest.footprint;

import dev.ensemble.loadtest.machine.Programs;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** What a JVM's heap holds after a collection, by {@code jcmd PID GC.class_histogram}. */
record LiveHeap(long bytes, List<String> largest) {
  private static final int HEADER_LINES = 3;
  private static final int LARGEST = 25;

  static LiveHeap of(ProcessHandle process) throws IOException {
    Path jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd");
    List<String> lines =
        Programs.output(
                List.of(jcmd.toString(), Long.toString(process.pid()), "GC.class_histogram"))
            .lines()
            .toList();
    // Number of the line, instances, bytes, class; in the end: Total, instances, bytes. Fillers are
    // what the collector has not moved together yet.
    String[] total = lines.get(lines.size() - 1).strip().split("\\s+", -1);
    if (!total[0].equals("Total")) {
      throw new IOException("no histogram: " + lines.get(0));
    }
    long filled =
        lines.stream()
            .filter(line -> line.contains("FillerElement"))
            .mapToLong(line -> Long.parseLong(line.strip().split("\\s+", -1)[2]))
            .sum();
    return new LiveHeap(
        Long.parseLong(total[2]) - filled,
        lines.subList(
            Math.min(HEADER_LINES, lines.size()), Math.min(HEADER_LINES + LARGEST, lines.size())));
  }
}
