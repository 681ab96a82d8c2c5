package dev.ensemble.http.stream;

import akka.NotUsed;
import akka.http.impl.engine.server.UpgradeToOtherProtocolResponseHeader;
import akka.http.javadsl.model.HttpHeader;
import akka.http.javadsl.model.HttpResponse;
import akka.http.javadsl.model.headers.Connection;
import akka.http.javadsl.model.headers.RawHeader;
import akka.stream.javadsl.Flow;
import akka.util.ByteString;
import dev.ensemble.http.server.ApiRequest;
import dev.ensemble.http.status.Statuses;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * A request to go on as SPDY/3.1 on the same connection: how kubectl before 1.31, and newer ones
 * where WebSockets fail, ask for streams.
 */
final class SpdyUpgrade {
  private static final String SPDY = "SPDY/3.1";
  private static final String PROTOCOLS = "X-Stream-Protocol-Version";
  private static final int SWITCHING_PROTOCOLS = 101;

  private final List<String> offered;

  private SpdyUpgrade(List<String> offered) {
    this.offered = offered;
  }

  /** Empty when the request asks for no such upgrade. */
  static Optional<SpdyUpgrade> of(ApiRequest request) {
    boolean asked =
        request.header("Connection").toLowerCase(Locale.ROOT).contains("upgrade")
            && request.header("Upgrade").equalsIgnoreCase(SPDY);
    if (!asked) {
      return Optional.empty();
    }
    List<String> offered = new ArrayList<>();
    for (HttpHeader header : request.http().getHeaders()) {
      if (header.lowercaseName().equals(PROTOCOLS.toLowerCase(Locale.ROOT))) {
        for (String protocol : header.value().split(",", -1)) {
          offered.add(protocol.trim());
        }
      }
    }
    return Optional.of(new SpdyUpgrade(offered));
  }

  /** The first of {@code known} that the client offers, or a refusal. */
  String protocol(List<String> known) {
    return known.stream()
        .filter(offered::contains)
        .findFirst()
        .orElseThrow(
            () ->
                Statuses.badRequest(
                    "unable to upgrade: unable to negotiate protocol: client supports "
                        + offered
                        + ", server accepts "
                        + known));
  }

  /** The answer after which the connection's bytes are the flow's. */
  HttpResponse response(String protocol, Flow<ByteString, ByteString, NotUsed> bytes) {
    return HttpResponse.create()
        .withStatus(SWITCHING_PROTOCOLS)
        .addHeader(RawHeader.create(PROTOCOLS, protocol))
        .addHeader(RawHeader.create("Upgrade", SPDY))
        // akka-http looks for the typed header only, and for its own one below, which is not sent.
        .addHeader(Connection.create("Upgrade"))
        .addHeader(new UpgradeToOtherProtocolResponseHeader(scala(bytes)));
  }

  @SuppressWarnings("unchecked")
  private static akka.stream.scaladsl.Flow<ByteString, ByteString, Object> scala(
      Flow<ByteString, ByteString, NotUsed> bytes) {
    // A flow's materialized value is only ever read, so that of any type will do.
    return (akka.stream.scaladsl.Flow<ByteString, ByteString, Object>)
        (akka.stream.scaladsl.Flow<ByteString, ByteString, ?>) bytes.asScala();
  }
}
