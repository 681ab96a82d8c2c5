package dev.ensemble.agent.stream;

import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;

/** The other end of a stream. Binary frames and the end are all that the agent may send. */
abstract class SendingSocket implements WebSocket {
  private volatile boolean closed;

  @Override
  public CompletableFuture<WebSocket> sendClose(int statusCode, String reason) {
    closed = true;
    return CompletableFuture.completedFuture(this);
  }

  @Override
  public boolean isOutputClosed() {
    return closed;
  }

  @Override
  public CompletableFuture<WebSocket> sendText(CharSequence data, boolean last) {
    throw new UnsupportedOperationException();
  }

  @Override
  public CompletableFuture<WebSocket> sendPing(ByteBuffer message) {
    throw new UnsupportedOperationException();
  }

  @Override
  public CompletableFuture<WebSocket> sendPong(ByteBuffer message) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void request(long n) {}

  @Override
  public String getSubprotocol() {
    return "";
  }

  @Override
  public boolean isInputClosed() {
    return closed;
  }

  @Override
  public void abort() {
    closed = true;
  }
}
