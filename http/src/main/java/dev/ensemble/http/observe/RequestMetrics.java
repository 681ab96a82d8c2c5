package dev.ensemble.http.observe;

import dev.ensemble.http.request.RequestInfo;

/** Takes measurements of requests, HTTP/1.1 and HTTP/2 alike. Called on the request's thread. */
public interface RequestMetrics {
  RequestMetrics NONE =
      new RequestMetrics() {
        @Override
        public void served(RequestInfo info, int code, long nanos, long responseBytes) {}

        @Override
        public void inFlight(Kind kind, int count) {}

        @Override
        public void watchers(String resource, int change) {}
      };

  /**
   * @param responseBytes -1 when the response is a stream
   */
  void served(RequestInfo info, int code, long nanos, long responseBytes);

  void inFlight(Kind kind, int count);

  /** Requests that wait for a place. */
  default void waiting(Kind kind, int count) {}

  void watchers(String resource, int change);

  enum Kind {
    READ_ONLY,
    MUTATING
  }
}
