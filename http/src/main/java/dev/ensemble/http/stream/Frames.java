package dev.ensemble.http.stream;

import akka.NotUsed;
import akka.http.javadsl.model.ws.BinaryMessage;
import akka.http.javadsl.model.ws.Message;
import akka.stream.Materializer;
import akka.stream.javadsl.Flow;
import akka.util.ByteString;
import dev.ensemble.protocol.StreamFrame;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** WebSocket messages as frames of bytes and back. */
final class Frames {
  /** A message larger than this ends the stream. */
  private static final long FRAME_BYTES_MAX = 4L * 1024 * 1024;

  private Frames() {}

  static Flow<Message, ByteString, NotUsed> ofMessages(Materializer materializer) {
    return Flow.<Message>create().mapAsync(1, message -> whole(message, materializer));
  }

  static Message message(ByteString frame) {
    return BinaryMessage.create(frame);
  }

  /** A frame of one channel, as StreamFrame describes. */
  /** Whether a frame says that a channel is closed. */
  static boolean isClose(ByteString frame) {
    return frame.nonEmpty() && frame.head() == StreamFrame.CLOSE;
  }

  static ByteString frame(byte channel, ByteString data) {
    return ByteString.fromArrayUnsafe(new byte[] {channel}).concat(data);
  }

  private static CompletionStage<ByteString> whole(Message message, Materializer materializer) {
    if (message.isText()) {
      return CompletableFuture.failedFuture(
          new IllegalArgumentException("streams take binary messages only"));
    }
    BinaryMessage binary = message.asBinaryMessage();
    if (binary.isStrict()) {
      return CompletableFuture.completedFuture(binary.getStrictData());
    }
    return binary
        .getStreamedData()
        .limitWeighted(FRAME_BYTES_MAX, part -> (long) part.size())
        .runFold(ByteString.emptyByteString(), ByteString::concat, materializer);
  }
}
