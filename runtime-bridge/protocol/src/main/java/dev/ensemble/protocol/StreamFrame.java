package dev.ensemble.protocol;

/**
 * Channels of a stream's binary WebSocket messages: the first byte is the channel, the rest is
 * data, as in {@code v5.channel.k8s.io}. Closing one channel is the two bytes {@code FF, channel}.
 */
public final class StreamFrame {
  public static final byte STDIN = 0;
  public static final byte STDOUT = 1;
  public static final byte STDERR = 2;

  /** A metav1.Status as JSON, the last message: how the command ended. */
  public static final byte ERROR = 3;

  /** {@code {"Width":80,"Height":24}}. */
  public static final byte RESIZE = 4;

  public static final byte CLOSE = (byte) 255;

  private StreamFrame() {}
}
