package dev.ensemble.agent.stream;

import dev.ensemble.agent.runtime.PodRuntime.StreamShape;
import dev.ensemble.protocol.StreamFrame;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Joins a stream with the runtime's streaming server. */
interface SpdySource extends StreamSource {
  /** Exec and attach: a stream for each channel, the fourth version of the protocol. */
  record Command(URI url, StreamShape shape) implements SpdySource {
    @Override
    public void run(FrameSocket socket) {
      List<SpdyConnection.Stream> streams = new ArrayList<>();
      streams.add(stream(StreamFrame.ERROR, "error"));
      if (shape.stdin()) {
        streams.add(stream(StreamFrame.STDIN, "stdin"));
      }
      if (shape.stdout()) {
        streams.add(stream(StreamFrame.STDOUT, "stdout"));
      }
      if (shape.stderr() && !shape.tty()) {
        streams.add(stream(StreamFrame.STDERR, "stderr"));
      }
      if (shape.tty()) {
        streams.add(stream(StreamFrame.RESIZE, "resize"));
      }
      SpdyConnection.open(url, "v4.channel.k8s.io", streams, socket);
    }

    private static SpdyConnection.Stream stream(byte channel, String type) {
      boolean fromRuntime = channel != StreamFrame.STDIN && channel != StreamFrame.RESIZE;
      return new SpdyConnection.Stream(
          channel,
          fromRuntime ? SpdyConnection.Way.FROM_RUNTIME : SpdyConnection.Way.TO_RUNTIME,
          Map.of("streamtype", type));
    }
  }

  /** One connection: its data on channel 0 both ways, what went wrong on channel 3. */
  record PortForward(URI url, int port) implements SpdySource {
    @Override
    public void run(FrameSocket socket) {
      String number = Integer.toString(port);
      SpdyConnection.open(
          url,
          "portforward.k8s.io",
          List.of(
              new SpdyConnection.Stream(
                  StreamFrame.ERROR,
                  SpdyConnection.Way.FROM_RUNTIME,
                  Map.of("streamtype", "error", "port", number, "requestid", "0")),
              new SpdyConnection.Stream(
                  StreamFrame.STDIN,
                  SpdyConnection.Way.BOTH,
                  Map.of("streamtype", "data", "port", number, "requestid", "0"))),
          socket);
    }
  }
}
