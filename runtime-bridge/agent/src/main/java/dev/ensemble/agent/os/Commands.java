package dev.ensemble.agent.os;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Runs programs of the machine to their end. */
public final class Commands {
  private static final int OUTPUT_BYTES_MAX = 1024 * 1024;

  private Commands() {}

  /**
   * Answers the output, standard error with it.
   *
   * @throws IOException when it fails or takes too long, with the output's beginning
   */
  public static String run(Duration timeout, String input, List<String> command)
      throws IOException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    try {
      try (OutputStream stdin = process.getOutputStream()) {
        stdin.write(input.getBytes(StandardCharsets.UTF_8));
      }
      String output;
      try (InputStream stdout = process.getInputStream()) {
        output = new String(stdout.readNBytes(OUTPUT_BYTES_MAX), StandardCharsets.UTF_8);
      }
      if (!process.waitFor(timeout.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new IOException(command.get(0) + " did not end within " + timeout);
      }
      if (process.exitValue() != 0) {
        throw new IOException(
            String.join(" ", command) + ": exit " + process.exitValue() + ": " + output.trim());
      }
      return output;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while " + command.get(0) + " ran");
    } finally {
      process.destroyForcibly();
    }
  }
}
