package dev.ensemble.agent.core.log;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Optional;

/**
 * One line of a log in CRI's format: time, stream, tag, text.
 *
 * @param partial the line goes on in the next one
 */
public record LogLine(String time, String stream, boolean partial, String text) {
  /** Empty when the line is not of this format (cut in a crash, say). */
  public static Optional<LogLine> parse(String line) {
    int first = line.indexOf(' ');
    int second = first < 0 ? -1 : line.indexOf(' ', first + 1);
    int third = second < 0 ? -1 : line.indexOf(' ', second + 1);
    if (third < 0) {
      return Optional.empty();
    }
    String tag = line.substring(second + 1, third);
    return Optional.of(
        new LogLine(
            line.substring(0, first),
            line.substring(first + 1, second),
            tag.startsWith("P"),
            line.substring(third + 1)));
  }

  public Instant instant() {
    try {
      return OffsetDateTime.parse(time).toInstant();
    } catch (DateTimeException e) {
      return Instant.EPOCH;
    }
  }
}
