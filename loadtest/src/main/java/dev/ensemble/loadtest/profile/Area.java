package dev.ensemble.loadtest.profile;

import java.util.List;
import java.util.Optional;

/**
 * Part of the program that a sample is counted for. The topmost frame that one of these knows
 * decides, so what the Java library does counts for whoever called it, unless it is named here.
 */
public enum Area {
  TLS(
      "TLS",
      "sun.security.ssl.",
      "javax.net.ssl.",
      "com.sun.crypto.provider.",
      "javax.crypto.",
      "akka.stream.impl.io.TLSActor",
      "akka.stream.impl.io.TlsUtils",
      "io.netty.handler.ssl."),
  HASHING("hashing", "sun.security.provider.", "dev.ensemble.persistence.format.Hash"),
  SOCKETS("sockets", "sun.nio.ch.", "akka.io.", "akka.stream.impl.io."),
  DRIVER("Cassandra driver", "com.datastax.", "io.netty."),
  HTTP2("HTTP/2", "akka.http.impl.engine.http2.", "akka.http.shaded.com.twitter.hpack."),
  HTTP("HTTP model", "akka.http."),
  STREAMS("streams", "akka.stream."),
  PERSISTENCE("Akka persistence", "akka.persistence."),
  SHARDING("sharding", "akka.cluster.", "akka.remote."),
  ACTORS("actors and futures", "akka.", "scala.concurrent."),
  JSON_IN(
      "JSON in",
      "com.fasterxml.jackson.core.json.UTF8StreamJsonParser",
      "com.fasterxml.jackson.core.json.ReaderBasedJsonParser",
      "com.fasterxml.jackson.core.sym.",
      "com.fasterxml.jackson.databind.deser.",
      "dev.ensemble.core.decode."),
  JSON_OUT(
      "JSON out",
      "com.fasterxml.jackson.core.json.UTF8JsonGenerator",
      "com.fasterxml.jackson.core.json.WriterBasedJsonGenerator",
      "com.fasterxml.jackson.databind.ser."),
  JSON_TREES("JSON trees", "com.fasterxml."),
  MANAGED_FIELDS("managed fields", "dev.ensemble.core.apply."),
  RULES(
      "defaults and validation",
      "dev.ensemble.core.defaults.",
      "dev.ensemble.core.strategy.",
      "dev.ensemble.core.validation.",
      "dev.ensemble.core.schema.",
      "dev.ensemble.http.admission."),
  ENTITY("entity", "dev.ensemble.actors.entity.", "dev.ensemble.core.entity."),
  IMAGES("object images", "dev.ensemble.core.object."),
  STORE("store", "dev.ensemble.actors.store."),
  LEDGER("ledger", "dev.ensemble.actors.ledger."),
  VIEW("view", "dev.ensemble.actors.view.", "org.pcollections."),
  JOURNAL("journal", "dev.ensemble.persistence."),
  AUTH("authentication", "dev.ensemble.http.auth."),
  ROUTING("routing", "dev.ensemble.http.server.", "dev.ensemble.http.request."),
  READS("reads", "dev.ensemble.http.read."),
  WATCHES("watches", "dev.ensemble.http.watch."),
  WRITES("writes", "dev.ensemble.http."),
  CONTROLLERS("controllers", "dev.ensemble.actors.", "dev.ensemble.core."),
  METRICS("metrics", "kamon.", "org.HdrHistogram."),
  LOGGING("logging", "ch.qos.logback.", "org.slf4j."),
  THREADS(
      "waking threads",
      "java.util.concurrent.ForkJoinPool",
      "java.util.concurrent.ForkJoinWorkerThread",
      "java.util.concurrent.locks.LockSupport",
      "java.util.concurrent.ThreadPoolExecutor",
      "java.util.concurrent.ScheduledThreadPoolExecutor",
      "java.lang.Thread"),
  OTHER("other");

  private final String label;

  @SuppressWarnings("ImmutableEnumChecker") // made by List.of
  private final List<String> prefixes;

  Area(String label, String... prefixes) {
    this.label = label;
    this.prefixes = List.of(prefixes);
  }

  public String label() {
    return label;
  }

  /**
   * The area of a stack.
   *
   * @param stack topmost frame first
   */
  public static Area of(List<Frame> stack) {
    return stack.stream().map(Area::of).flatMap(Optional::stream).findFirst().orElse(OTHER);
  }

  private static Optional<Area> of(Frame frame) {
    Optional<Area> best = Optional.empty();
    int length = 0;
    for (Area area : values()) {
      for (String prefix : area.prefixes) {
        if (prefix.length() > length && frame.type().startsWith(prefix)) {
          best = Optional.of(area);
          length = prefix.length();
        }
      }
    }
    return best;
  }
}
