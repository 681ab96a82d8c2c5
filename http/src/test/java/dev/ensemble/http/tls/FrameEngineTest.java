package dev.ensemble.http.tls;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FrameEngineTest {
  private final CertificateAuthority authority =
      CertificateAuthority.create("test", Instant.now(), Duration.ofDays(1));
  private final Credential credential =
      authority.issueServer(
          "server", List.of("localhost"), List.of("127.0.0.1"), Instant.now(), Duration.ofDays(1));
  private static final int FRAME_BYTES = 16_384 + 9;

  /** As large as those of Akka's streams. */
  private static ByteBuffer buffer() {
    return ByteBuffer.allocate(16_665 + 2_048);
  }

  @ParameterizedTest
  @CsvSource({"TLSv1.3,16393", "TLSv1.2,16393", "TLSv1.3,16384", "TLSv1.3,100", "TLSv1.3,17000"})
  void whatIsWrappedArrives(String protocol, int bytes) throws SSLException {
    SSLEngine server = server();
    SSLEngine client = client(protocol);
    handshake(server, client);
    byte[] sent = new byte[bytes];
    new Random(1).nextBytes(sent);
    ByteBuffer source = ByteBuffer.wrap(sent);
    ByteBuffer received = ByteBuffer.allocate(64 * 1024);

    while (source.hasRemaining()) {
      ByteBuffer wire = buffer();
      SSLEngineResult result = server.wrap(source, wire);
      assertThat(result.bytesProduced()).isEqualTo(wire.position());
      assertThat(result.bytesConsumed()).isPositive();
      wire.flip();
      while (wire.hasRemaining()) {
        client.unwrap(wire, received);
      }
    }

    assertThat(Arrays.copyOf(received.array(), received.position())).isEqualTo(sent);
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.3", "TLSv1.2"})
  void aFullFrameGoesInOneStep(String protocol) throws SSLException {
    SSLEngine server = server();
    handshake(server, client(protocol));
    ByteBuffer frame = ByteBuffer.allocate(FRAME_BYTES);

    SSLEngineResult result = server.wrap(frame, buffer());

    assertThat(result.bytesConsumed()).isEqualTo(FRAME_BYTES);
    assertThat(frame.hasRemaining()).isFalse();
  }

  @Test
  void theFastestSuiteIsTaken() throws SSLException {
    SSLEngine server = server();
    handshake(server, client("TLSv1.3"));

    assertThat(server.getSession().getCipherSuite()).isEqualTo("TLS_AES_128_GCM_SHA256");
  }

  private SSLEngine server() {
    return TlsContexts.serverEngine(TlsContexts.server(credential, authority.certificate()));
  }

  private SSLEngine client(String protocol) {
    SSLEngine engine =
        TlsContexts.client(Optional.empty(), authority.certificate()).createSSLEngine();
    engine.setUseClientMode(true);
    engine.setEnabledProtocols(new String[] {protocol});
    return engine;
  }

  private static void handshake(SSLEngine server, SSLEngine client) throws SSLException {
    ByteBuffer toServer = ByteBuffer.allocate(64 * 1024);
    ByteBuffer toClient = ByteBuffer.allocate(64 * 1024);
    ByteBuffer nothing = ByteBuffer.allocate(64 * 1024);
    for (int i = 0; i < 50 && !(rests(server) && rests(client) && i > 0); i++) {
      step(client, toServer, toClient, nothing);
      step(server, toClient, toServer, nothing);
    }
    // Session tickets, which TLS 1.3 sends after the handshake.
    step(client, toServer, toClient, nothing);
    assertThat(rests(server) && rests(client)).isTrue();
  }

  private static boolean rests(SSLEngine engine) {
    return engine.getHandshakeStatus() == HandshakeStatus.NOT_HANDSHAKING
        && !engine.getSession().getProtocol().equals("NONE");
  }

  private static void step(SSLEngine engine, ByteBuffer out, ByteBuffer in, ByteBuffer nothing)
      throws SSLException {
    if (engine.getHandshakeStatus() == HandshakeStatus.NOT_HANDSHAKING && in.position() == 0) {
      engine.wrap(ByteBuffer.allocate(0), out);
    }
    in.flip();
    boolean moved = true;
    while (moved) {
      moved = false;
      switch (engine.getHandshakeStatus()) {
        case NEED_TASK -> {
          engine.getDelegatedTask().run();
          moved = true;
        }
        case NEED_WRAP -> moved = engine.wrap(ByteBuffer.allocate(0), out).bytesProduced() > 0;
        default -> moved = in.hasRemaining() && engine.unwrap(in, nothing).bytesConsumed() > 0;
      }
    }
    in.compact();
  }
}
