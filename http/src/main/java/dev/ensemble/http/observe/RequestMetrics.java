package dev.ensemble.http.observe;

import dev.ensemble.http.request.RequestInfo;
import java.util.function.IntSupplier;

/** Takes measurements of requests, HTTP/1.1 and HTTP/2 alike. Called on the request's thread. */
public interface RequestMetrics {
  RequestMetrics NONE =
      new RequestMetrics() {
        @Override
        public void served(RequestInfo info, int code, long nanos, long responseBytes) {}

        @Override
        public void inFlight(Kind kind, int count) {}

        @Override
        public void waiting(Kind kind, int count) {}

        @Override
        public Runnable watching(String resource, IntSupplier buffered) {
          return () -> {};
        }

        @Override
        public void watchFellBehind(String resource) {}
      };

  /**
   * @param responseBytes -1 when the response is a stream
   */
  void served(RequestInfo info, int code, long nanos, long responseBytes);

  void inFlight(Kind kind, int count);

  /** Requests that wait for a place. */
  void waiting(Kind kind, int count);

  /**
   * A watch begins; it ends when the answer is run.
   *
   * @param buffered how many changes wait for the watcher; asked on any thread
   */
  Runnable watching(String resource, IntSupplier buffered);

  /** More changes waited for a watcher than it may have; it catches up from the ledger. */
  void watchFellBehind(String resource);

  enum Kind {
    READ_ONLY,
    MUTATING
  }
}
