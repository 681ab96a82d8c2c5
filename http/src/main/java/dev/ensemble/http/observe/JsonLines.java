package dev.ensemble.http.observe;

import ch.qos.logback.classic.pattern.ThrowableHandlingConverter;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.StackTraceElementProxy;
import com.fasterxml.jackson.core.io.JsonStringEncoder;
import dev.ensemble.actors.observe.RequestLog;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/**
 * A log entry as one line of JSON: time, level, logger, requestId where there is one, msg, and the
 * beginning of a stack trace. Named in logback.xml.
 */
public final class JsonLines extends ThrowableHandlingConverter {
  private static final int FRAMES_MAX = 12;
  private static final int CAUSES_MAX = 5;
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);
  private static final JsonStringEncoder ESCAPES = JsonStringEncoder.getInstance();

  @Override
  public String convert(ILoggingEvent event) {
    StringBuilder line = new StringBuilder(256).append('{');
    field(line, "time", TIME.format(Instant.ofEpochMilli(event.getTimeStamp())));
    field(line, "level", event.getLevel().toString());
    field(line, "logger", event.getLoggerName());
    String requestId = event.getMDCPropertyMap().get(RequestLog.KEY);
    if (requestId != null) {
      field(line, RequestLog.KEY, requestId);
    }
    field(line, "msg", event.getFormattedMessage());
    if (event.getThrowableProxy() != null) {
      field(line, "exception", trace(event.getThrowableProxy()));
    }
    return line.append('}').toString();
  }

  private static void field(StringBuilder line, String name, String value) {
    if (line.length() > 1) {
      line.append(',');
    }
    line.append('"').append(name).append("\":\"");
    ESCAPES.quoteAsString(value == null ? "" : value, line);
    line.append('"');
  }

  private static String trace(IThrowableProxy thrown) {
    StringBuilder trace = new StringBuilder();
    IThrowableProxy cause = thrown;
    for (int depth = 0; cause != null && depth < CAUSES_MAX; depth++) {
      trace.append(depth == 0 ? "" : "\ncaused by ").append(cause.getClassName());
      trace.append(": ").append(cause.getMessage());
      StackTraceElementProxy[] frames = cause.getStackTraceElementProxyArray();
      for (int i = 0; i < Math.min(FRAMES_MAX, frames.length); i++) {
        trace.append("\n\t").append(frames[i].getSTEAsString());
      }
      cause = cause.getCause();
    }
    return trace.toString();
  }
}
