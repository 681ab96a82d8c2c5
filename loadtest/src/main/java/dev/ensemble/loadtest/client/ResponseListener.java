package dev.ensemble.loadtest.client;

import io.netty.buffer.ByteBuf;

/**
 * Hears one response, on the client's event loop: {@link #status}, any number of {@link #data},
 * then {@link #end}; or {@link #failed} at any time, after which nothing comes.
 */
public interface ResponseListener {
  void status(int status);

  /** Some bytes, valid during the call only. */
  void data(ByteBuf bytes);

  void end();

  void failed(Throwable cause);
}
