package dev.ensemble.http.stream;

import akka.util.ByteString;
import dev.ensemble.http.testing.TestServer;
import dev.ensemble.http.tls.TlsContexts;
import io.netty.handler.codec.spdy.DefaultSpdySynStreamFrame;
import io.netty.handler.codec.spdy.SpdyDataFrame;
import io.netty.handler.codec.spdy.SpdyFrame;
import io.netty.handler.codec.spdy.SpdyRstStreamFrame;
import io.netty.handler.codec.spdy.SpdySynReplyFrame;
import io.netty.handler.codec.spdy.SpdySynStreamFrame;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import javax.net.ssl.SSLSocket;

/** A client that upgrades a POST to SPDY/3.1, as kubectl before 1.31 does. */
final class SpdyClient implements AutoCloseable {
  private final SSLSocket socket;
  private final SpdyFraming framing = new SpdyFraming();
  private final Queue<SpdyFrame> frames = new ArrayDeque<>();
  private final Set<Integer> ended = new HashSet<>();
  private int nextStream = 1;

  private SpdyClient(SSLSocket socket) {
    this.socket = socket;
  }

  /** The head of the answer goes into {@code head}. */
  static SpdyClient open(TestServer server, String path, List<String> head, String... protocols)
      throws IOException {
    SSLSocket socket =
        (SSLSocket)
            TlsContexts.client(
                    Optional.of(server.certificates().admin()), server.certificates().authority())
                .getSocketFactory()
                .createSocket("127.0.0.1", server.uri("").getPort());
    socket.setSoTimeout(20_000);
    StringBuilder request = new StringBuilder("POST " + path + " HTTP/1.1\r\nHost: localhost\r\n");
    request.append("Connection: Upgrade\r\nUpgrade: SPDY/3.1\r\nContent-Length: 0\r\n");
    for (String protocol : protocols) {
      request.append("X-Stream-Protocol-Version: ").append(protocol).append("\r\n");
    }
    socket
        .getOutputStream()
        .write(request.append("\r\n").toString().getBytes(StandardCharsets.US_ASCII));
    socket.getOutputStream().flush();
    InputStream in = socket.getInputStream();
    for (String line = line(in); !line.isEmpty(); line = line(in)) {
      head.add(line);
    }
    return new SpdyClient(socket);
  }

  /** Opens a stream and waits until the server takes it. */
  int stream(String... headers) throws IOException {
    int stream = nextStream;
    nextStream += 2;
    SpdySynStreamFrame opening = new DefaultSpdySynStreamFrame(stream, 0, (byte) 0);
    for (int i = 0; i < headers.length; i += 2) {
      opening.headers().set(headers[i], headers[i + 1]);
    }
    send(framing.encode(opening));
    // What belongs to older streams may come before the reply.
    Queue<SpdyFrame> earlier = new ArrayDeque<>();
    SpdyFrame frame = next();
    while (!(frame instanceof SpdySynReplyFrame reply && reply.streamId() == stream)) {
      if (frame instanceof SpdyRstStreamFrame) {
        throw new IOException("stream " + stream + " was not taken");
      }
      earlier.add(frame);
      frame = next();
    }
    earlier.addAll(frames);
    frames.clear();
    frames.addAll(earlier);
    return stream;
  }

  void write(int stream, String text) throws IOException {
    send(framing.data(stream, ByteString.fromString(text)));
  }

  void end(int stream) throws IOException {
    send(framing.end(stream));
  }

  /** What the server says on a stream until it ends it. */
  String read(int stream) throws IOException {
    ByteArrayOutputStream text = new ByteArrayOutputStream();
    while (!ended.contains(stream)) {
      SpdyFrame frame = next();
      if (frame instanceof SpdyDataFrame data) {
        if (data.streamId() == stream) {
          data.content().readBytes(text, data.content().readableBytes());
        }
        if (data.isLast()) {
          ended.add(data.streamId());
        }
      }
    }
    return text.toString(StandardCharsets.UTF_8);
  }

  /** The next data on a stream. */
  String readSome(int stream) throws IOException {
    while (true) {
      if (next() instanceof SpdyDataFrame data && data.streamId() == stream) {
        return data.content().toString(StandardCharsets.UTF_8);
      }
    }
  }

  boolean closedByServer() throws IOException {
    return frames.isEmpty() && socket.getInputStream().read() < 0;
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }

  private SpdyFrame next() throws IOException {
    byte[] buffer = new byte[8192];
    while (frames.isEmpty()) {
      int count = socket.getInputStream().read(buffer);
      if (count < 0) {
        throw new IOException("the server closed the connection");
      }
      frames.addAll(framing.decode(ByteString.fromArray(buffer, 0, count)));
    }
    return frames.remove();
  }

  private void send(ByteString bytes) throws IOException {
    socket.getOutputStream().write(bytes.toArray());
    socket.getOutputStream().flush();
  }

  private static String line(InputStream in) throws IOException {
    StringBuilder line = new StringBuilder();
    for (int c = in.read(); c >= 0 && c != '\n'; c = in.read()) {
      if (c != '\r') {
        line.append((char) c);
      }
    }
    return line.toString();
  }
}
