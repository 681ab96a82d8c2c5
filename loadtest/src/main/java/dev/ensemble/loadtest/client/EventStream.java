package dev.ensemble.loadtest.client;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.netty.buffer.ByteBuf;
import java.io.ByteArrayOutputStream;
import java.io.IOException;

/** A watch's response, taken apart into its events. Heard on the client's event loop. */
public final class EventStream implements ResponseListener {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Listener listener;
  private final ByteArrayOutputStream line = new ByteArrayOutputStream();
  private boolean over;

  /** Hears of events until the watch is over, which is said once. */
  public interface Listener {
    /**
     * @param type ADDED, MODIFIED, DELETED, BOOKMARK or ERROR
     */
    void event(String type, JsonNode object);

    void over(String why);
  }

  public EventStream(Listener listener) {
    this.listener = listener;
  }

  @Override
  public void status(int status) {
    if (status != 200) {
      over("the watch was answered " + status);
    }
  }

  @Override
  public void data(ByteBuf bytes) {
    while (bytes.isReadable() && !over) {
      int end = bytes.bytesBefore((byte) '\n');
      byte[] part = new byte[end < 0 ? bytes.readableBytes() : end];
      bytes.readBytes(part);
      line.writeBytes(part);
      if (end >= 0) {
        bytes.readByte();
        event(line.toByteArray());
        line.reset();
      }
    }
  }

  private void event(byte[] json) {
    try {
      JsonNode event = JSON.readTree(json);
      listener.event(event.path("type").asText(), event.path("object"));
    } catch (IOException e) {
      over("the watch said what is no JSON: " + e.getMessage());
    }
  }

  @Override
  public void end() {
    over("the server ended the watch");
  }

  @Override
  public void failed(Throwable cause) {
    over(cause.toString());
  }

  private void over(String why) {
    if (!over) {
      over = true;
      listener.over(why);
    }
  }
}
