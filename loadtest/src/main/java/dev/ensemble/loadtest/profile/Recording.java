package dev.ensemble.loadtest.profile;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordedFrame;
import jdk.jfr.consumer.RecordedMethod;
import jdk.jfr.consumer.RecordedStackTrace;
import jdk.jfr.consumer.RecordingFile;

/** A flight recording of another process: how it is asked for and how it is read. */
public final class Recording {
  /** From this version on the JVM samples by CPU time, native code included (JEP 509). */
  private static final int CPU_TIME_SAMPLES_SINCE = 25;

  private static final Set<String> CPU = Set.of("jdk.CPUTimeSample", "jdk.ExecutionSample");
  private static final String ALLOCATION = "jdk.ObjectAllocationSample";

  private final Path file;

  public Recording(Path file) {
    this.file = file;
  }

  public Path file() {
    return file;
  }

  /** What the JVM of the process must be started with; the file is written when it ends. */
  public List<String> flags(int javaVersion) {
    String samples =
        javaVersion >= CPU_TIME_SAMPLES_SINCE
            ? "+jdk.CPUTimeSample#enabled=true,+jdk.CPUTimeSample#throttle=5ms"
            : "+jdk.ExecutionSample#enabled=true,+jdk.ExecutionSample#period=10ms";
    return List.of(
        "-XX:FlightRecorderOptions:stackdepth=128",
        "-XX:StartFlightRecording:settings=none,disk=true,maxsize=1g,dumponexit=true,filename="
            + file
            + ","
            + samples
            + ",+jdk.ObjectAllocationSample#enabled=true"
            + ",+jdk.ObjectAllocationSample#throttle=200/s");
  }

  /** The samples of a time. */
  public record Cut(Samples cpu, Samples allocation) {}

  /** Reads the file for each of some times; {@code spans} must not overlap. */
  public List<Cut> cut(List<Span> spans) throws IOException {
    List<Cut> cuts = new ArrayList<>();
    spans.forEach(span -> cuts.add(new Cut(new Samples(), new Samples())));
    try (RecordingFile recording = new RecordingFile(file)) {
      while (recording.hasMoreEvents()) {
        RecordedEvent event = recording.readEvent();
        for (int i = 0; i < spans.size(); i++) {
          if (spans.get(i).holds(event.getStartTime())) {
            count(event, cuts.get(i));
          }
        }
      }
    }
    return cuts;
  }

  /** A time. */
  public record Span(Instant from, Instant to) {
    boolean holds(Instant instant) {
      return !instant.isBefore(from) && instant.isBefore(to);
    }
  }

  private static void count(RecordedEvent event, Cut cut) {
    String name = event.getEventType().getName();
    if (CPU.contains(name)) {
      cut.cpu().add(stack(event), 1);
    } else if (name.equals(ALLOCATION)) {
      cut.allocation().add(stack(event), event.getLong("weight"));
    }
  }

  private static List<Frame> stack(RecordedEvent event) {
    RecordedStackTrace trace = event.getStackTrace();
    if (trace == null) {
      return List.of();
    }
    List<Frame> stack = new ArrayList<>(trace.getFrames().size());
    for (RecordedFrame frame : trace.getFrames()) {
      RecordedMethod method = frame.getMethod();
      stack.add(new Frame(method.getType().getName(), method.getName()));
    }
    return stack;
  }
}
