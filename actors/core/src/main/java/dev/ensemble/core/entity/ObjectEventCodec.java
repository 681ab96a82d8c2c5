package dev.ensemble.core.entity;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;

/**
 * The journal's form of an object's events: JSON with the wire name in {@code type}. A stored
 * sample of each version is kept as a test resource; a change of format raises {@link #VERSION} and
 * adds a migration here.
 */
public final class ObjectEventCodec {
  /** The version that is written now. */
  public static final int VERSION = 1;

  private static final JsonMapper MAPPER =
      JsonMapper.builder().enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES).build();
  private static final ObjectWriter WRITER = MAPPER.writerFor(ObjectEvent.class);
  private static final ObjectReader READER = MAPPER.readerFor(ObjectEvent.class);

  private ObjectEventCodec() {}

  public static byte[] encode(ObjectEvent event) {
    try {
      return WRITER.writeValueAsBytes(event);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("an event does not encode", e);
    }
  }

  /**
   * Reads an event of any version that was ever written.
   *
   * @throws IllegalStateException when the bytes are no such event: the journal is corrupt, or a
   *     newer version wrote it
   */
  public static ObjectEvent decode(int version, byte[] payload) {
    if (version != VERSION) {
      throw new IllegalStateException(
          "an event of format version " + version + "; this program reads " + VERSION);
    }
    try {
      return READER.readValue(payload);
    } catch (IOException e) {
      throw new IllegalStateException("an event that does not decode", e);
    }
  }

  /** The event's name for ever, such as {@code pod.bound}. */
  public static String wireName(ObjectEvent event) {
    return event.match(WIRE_NAME);
  }

  private static final ObjectEvent.Cases<String> WIRE_NAME = new WireName();
}
