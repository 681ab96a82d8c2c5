package dev.ensemble.protocol;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;

/**
 * Encodes and decodes the messages of the session. Unknown fields are passed over, so that either
 * side can be newer.
 */
public final class ProtocolJson {
  private static final ObjectMapper MAPPER =
      JsonMapper.builder()
          .addModule(new Jdk8Module())
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .build();

  private ProtocolJson() {}

  public static String write(ToAgent message) {
    return encode(message);
  }

  public static String write(FromAgent message) {
    return encode(message);
  }

  /**
   * @throws IllegalArgumentException when the text is no such message
   */
  public static ToAgent readToAgent(String text) {
    return decode(text, ToAgent.class);
  }

  /**
   * @throws IllegalArgumentException when the text is no such message
   */
  public static FromAgent readFromAgent(String text) {
    return decode(text, FromAgent.class);
  }

  private static String encode(Object message) {
    try {
      return MAPPER.writeValueAsString(message);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a protocol message does not encode", e);
    }
  }

  private static <T> T decode(String text, Class<T> type) {
    try {
      return MAPPER.readValue(text, type);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(
          "not a message of the node protocol: " + e.getOriginalMessage(), e);
    }
  }
}
