package dev.ensemble.http.observe;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.LoggingEvent;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.ensemble.actors.observe.RequestLog;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class JsonLinesTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private final Logger logger = new LoggerContext().getLogger("a.Logger");

  @Test
  void anEntryIsOneLineWithTheRequestsId() throws IOException {
    List<String> lines = new ArrayList<>();
    RequestLog.about("id-1", () -> lines.add(line("said \"{}\"\nand\tended", "a\\b", null)));
    lines.add(line("of no request", null, null));
    assertThat(lines.get(0)).endsWith("}");
    assertThat(JSON.readTree(lines.get(0)))
        .isEqualTo(
            JSON.readTree(
                """
                {"time":"2026-01-01T00:00:00.000Z","level":"WARN","logger":"a.Logger",
                 "requestId":"id-1","msg":"said \\"a\\\\b\\"\\nand\\tended"}
                """));
    assertThat(JSON.readTree(lines.get(1)).has("requestId")).isFalse();
  }

  @Test
  void aStackTraceIsPartOfTheLineAndShort() throws IOException {
    Exception thrown = new IOException("outer", new IllegalStateException("inner"));
    JsonNode entry = JSON.readTree(line("failed", null, thrown));
    assertThat(entry.path("exception").asText().lines().toList())
        .hasSizeBetween(4, 30)
        .startsWith("java.io.IOException: outer")
        .contains("caused by java.lang.IllegalStateException: inner");
  }

  private String line(String message, Object argument, Throwable thrown) {
    Object[] arguments = argument == null ? new Object[0] : new Object[] {argument};
    LoggingEvent event =
        new LoggingEvent(
            JsonLinesTest.class.getName(), logger, Level.WARN, message, thrown, arguments);
    event.setTimeStamp(1767225600000L);
    String line = new JsonLines().convert(event);
    assertThat(line).doesNotContain("\n");
    return line;
  }
}
