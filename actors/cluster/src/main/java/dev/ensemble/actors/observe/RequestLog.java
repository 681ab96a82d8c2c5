package dev.ensemble.actors.observe;

import org.slf4j.MDC;

/**
 * Gives log lines the id of the request that they are about. The id travels in messages
 * (Provenance), never in a thread: an actor's next message is another request's, so it is set for
 * single lines only.
 */
public final class RequestLog {
  /** What logback.xml calls it. */
  public static final String KEY = "requestId";

  private RequestLog() {}

  /**
   * Runs {@code line}, which logs.
   *
   * @param requestId empty for what no request asked for
   */
  public static void about(String requestId, Runnable line) {
    if (requestId.isEmpty()) {
      line.run();
      return;
    }
    String before = MDC.get(KEY);
    MDC.put(KEY, requestId);
    try {
      line.run();
    } finally {
      if (before == null) {
        MDC.remove(KEY);
      } else {
        MDC.put(KEY, before);
      }
    }
  }
}
