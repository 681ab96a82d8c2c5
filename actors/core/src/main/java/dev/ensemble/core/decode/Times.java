package dev.ensemble.core.decode;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.regex.Pattern;

/** Timestamps in the one form that the API writes: UTC, to the second or to the microsecond. */
public final class Times {
  private static final Pattern RFC_3339 =
      Pattern.compile("\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}([.,]\\d+)?(Z|[+-]\\d{2}:\\d{2})");
  private static final DateTimeFormatter SECONDS =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss'Z'").withZone(ZoneOffset.UTC);
  private static final DateTimeFormatter MICROS =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSS'Z'").withZone(ZoneOffset.UTC);

  private Times() {}

  /** Time's form: whole seconds. */
  public static String seconds(Instant time) {
    return SECONDS.format(time);
  }

  /** MicroTime's form: six digits of a second. */
  public static String micros(Instant time) {
    return MICROS.format(time);
  }

  static String toSeconds(String text) {
    return isCanonicalSeconds(text) ? text : seconds(parse(text));
  }

  static String toMicros(String text) {
    return micros(parse(text));
  }

  private static Instant parse(String text) {
    try {
      if (RFC_3339.matcher(text).matches()) {
        return OffsetDateTime.parse(text.replace(',', '.')).toInstant();
      }
    } catch (DateTimeException e) {
      throw unreadable(text);
    }
    throw unreadable(text);
  }

  private static UnreadableFieldException unreadable(String text) {
    return new UnreadableFieldException(
        "parsing time \"%s\" as \"2006-01-02T15:04:05Z07:00\": cannot parse it".formatted(text));
  }

  /** True for most of what is ever sent, and cheap; days above 28 take the long way. */
  private static boolean isCanonicalSeconds(String text) {
    if (text.length() != 20 || text.charAt(19) != 'Z') {
      return false;
    }
    for (int i = 0; i < 19; i++) {
      char c = text.charAt(i);
      boolean fits =
          switch (i) {
            case 4, 7 -> c == '-';
            case 10 -> c == 'T';
            case 13, 16 -> c == ':';
            default -> c >= '0' && c <= '9';
          };
      if (!fits) {
        return false;
      }
    }
    return between(text, 5, 1, 12)
        && between(text, 8, 1, 28)
        && between(text, 11, 0, 23)
        && between(text, 14, 0, 59)
        && between(text, 17, 0, 59);
  }

  private static boolean between(String text, int at, int min, int max) {
    int value = (text.charAt(at) - '0') * 10 + text.charAt(at + 1) - '0';
    return value >= min && value <= max;
  }
}
