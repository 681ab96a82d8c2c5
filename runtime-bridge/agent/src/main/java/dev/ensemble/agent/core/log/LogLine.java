package dev.ensemble.agent.core.log;

import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Arrays;
import java.util.Optional;

/**
 * One line of a log in CRI's format: time, stream, tag, text. The text is bytes: a part may end in
 * the middle of a character. Nobody changes the array.
 *
 * @param partial the line goes on in the next one
 */
@SuppressWarnings("ArrayRecordComponent")
public record LogLine(String time, String stream, boolean partial, byte[] bytes) {
  /** Empty when the line is not of this format (cut in a crash, say). */
  public static Optional<LogLine> parse(byte[] line, int from, int to) {
    int first = space(line, from, to);
    int second = space(line, first + 1, to);
    int third = space(line, second + 1, to);
    if (first < 0 || second < 0 || third < 0) {
      return Optional.empty();
    }
    return Optional.of(
        new LogLine(
            ascii(line, from, first),
            ascii(line, first + 1, second),
            line[second + 1] == 'P',
            Arrays.copyOfRange(line, third + 1, to)));
  }

  public static Optional<LogLine> parse(String line) {
    byte[] bytes = line.getBytes(StandardCharsets.UTF_8);
    return parse(bytes, 0, bytes.length);
  }

  private static int space(byte[] line, int from, int to) {
    if (from <= 0 && to == 0) {
      return -1;
    }
    for (int i = Math.max(from, 0); i < to; i++) {
      if (line[i] == ' ') {
        return i;
      }
    }
    return -1;
  }

  private static String ascii(byte[] line, int from, int to) {
    return new String(line, from, to - from, StandardCharsets.US_ASCII);
  }

  public String text() {
    return new String(bytes, StandardCharsets.UTF_8);
  }

  public Instant instant() {
    try {
      return OffsetDateTime.parse(time).toInstant();
    } catch (DateTimeException e) {
      return Instant.EPOCH;
    }
  }
}
