package dev.ensemble.loadtest.machine;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Runs programs of the machine to their end. */
public final class Programs {
  private static final Duration END_MAX = Duration.ofMinutes(2);

  private Programs() {}

  /** How a program ended, its standard error with its output. */
  public record Ended(int code, String output) {}

  /** The output of a program that must succeed. */
  public static String output(List<String> command) throws IOException {
    return output(command, END_MAX);
  }

  /** The same for one that may take longer than others. */
  public static String output(List<String> command, Duration endMax) throws IOException {
    Ended ended = run(command, endMax);
    if (ended.code() != 0) {
      throw new IOException(
          String.join(" ", command) + ": " + ended.code() + ": " + ended.output());
    }
    return ended.output();
  }

  public static Ended run(List<String> command) throws IOException {
    return run(command, END_MAX);
  }

  private static Ended run(List<String> command, Duration endMax) throws IOException {
    Path output = Files.createTempFile("ens-it", ".out");
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
            .start();
    try {
      if (!process.waitFor(endMax.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new IOException(
            String.join(" ", command) + " did not end: " + Files.readString(output));
      }
      return new Ended(process.exitValue(), Files.readString(output, StandardCharsets.UTF_8));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    } finally {
      process.destroyForcibly();
      Files.delete(output);
    }
  }

  public static void signal(String name, long pid) throws IOException {
    output(List.of("kill", "-" + name, Long.toString(pid)));
  }
}
