package dev.ensemble.core.object;

import com.fasterxml.jackson.core.JsonEncoding;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/**
 * An object encoded once, with room for the revision that its ledger will give it: {@code
 * metadata.resourceVersion} is written as a fixed number of digits whose place is known, so that
 * nobody parses or encodes the object again to set it.
 */
public final class ObjectImage {
  /** Revisions have 17 digits from 1970's 10^16/32 microseconds until the year 2069. */
  public static final int REVISION_DIGITS = 17;

  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final JsonFactory JSON = MAPPER.getFactory();
  private static final String PLACEHOLDER = "0".repeat(REVISION_DIGITS);
  private static final byte[] MARK = "\"resourceVersion\":\"".getBytes(StandardCharsets.US_ASCII);
  private static final List<String> HEAD = List.of("apiVersion", "kind");
  private static final List<String> NAMES = List.of("name", "generateName", "namespace", "uid");

  private final byte[] json;
  private final int revisionOffset;

  private ObjectImage(byte[] json, int revisionOffset) {
    this.json = json;
    this.revisionOffset = revisionOffset;
  }

  /**
   * Encodes an object that has no resourceVersion, in upstream's order: apiVersion, kind, metadata,
   * then as it comes.
   */
  public static ObjectImage of(ObjectNode object) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(1024);
    try (JsonGenerator generator = JSON.createGenerator(out, JsonEncoding.UTF8)) {
      generator.writeStartObject();
      writePresent(generator, object, HEAD);
      generator.writeFieldName("metadata");
      JsonNode metadata = object.path("metadata");
      generator.writeStartObject();
      writePresent(generator, metadata, NAMES);
      generator.writeFieldName("resourceVersion");
      generator.writeString(PLACEHOLDER);
      int afterRevision = out.size() + generator.getOutputBuffered();
      writeRest(
          generator,
          metadata,
          List.of("name", "generateName", "namespace", "uid", "resourceVersion"));
      generator.writeEndObject();
      writeRest(generator, object, List.of("apiVersion", "kind", "metadata"));
      generator.writeEndObject();
      generator.flush();
      return new ObjectImage(out.toByteArray(), afterRevision - 1 - REVISION_DIGITS);
    } catch (IOException e) {
      throw new IllegalStateException("an object does not encode", e);
    }
  }

  /**
   * The encoded object with the revision in its place. Writes into the one array that this image
   * holds: to be called once, before the bytes are shared.
   */
  public byte[] stamped(long revision) {
    stamp(json, revisionOffset, revision);
    return json;
  }

  /**
   * A copy of an encoded object with another revision in it. {@code offset} is {@link
   * #revisionOffset}.
   */
  public static byte[] restamped(byte[] json, int offset, long revision) {
    byte[] copy = json.clone();
    stamp(copy, offset, revision);
    return copy;
  }

  /**
   * Finds the place of the revision in an object that {@link #of} encoded: the first {@code
   * "resourceVersion":"}, because only names and the uid stand before it, and those hold no quotes.
   */
  public static int offsetIn(byte[] json) {
    for (int i = 0; i + MARK.length + REVISION_DIGITS <= json.length; i++) {
      if (Arrays.equals(json, i, i + MARK.length, MARK, 0, MARK.length)) {
        return i + MARK.length;
      }
    }
    throw new IllegalStateException("an encoded object without a resourceVersion");
  }

  /**
   * Whether an encoded object may have a field of this name anywhere. False is certain and found
   * without parsing; true may be a label or a text.
   */
  public static boolean mayHave(byte[] json, String field) {
    byte[] name = field.getBytes(StandardCharsets.UTF_8);
    int end = name.length + 1;
    for (int i = 0; i + end < json.length; i++) {
      if (json[i] == '"'
          && json[i + end] == '"'
          && Arrays.equals(json, i + 1, i + end, name, 0, name.length)) {
        return true;
      }
    }
    return false;
  }

  public int revisionOffset() {
    return revisionOffset;
  }

  private static void stamp(byte[] json, int offset, long revision) {
    long rest = revision;
    for (int i = offset + REVISION_DIGITS - 1; i >= offset; i--) {
      json[i] = (byte) ('0' + rest % 10);
      rest /= 10;
    }
    if (rest != 0 || json[offset] == '0') {
      throw new IllegalStateException(
          "revision " + revision + " has not " + REVISION_DIGITS + " digits");
    }
  }

  private static void writePresent(JsonGenerator generator, JsonNode node, List<String> names)
      throws IOException {
    for (String name : names) {
      JsonNode value = node.get(name);
      if (value != null) {
        generator.writeFieldName(name);
        MAPPER.writeTree(generator, value);
      }
    }
  }

  private static void writeRest(JsonGenerator generator, JsonNode node, List<String> written)
      throws IOException {
    for (Iterator<Map.Entry<String, JsonNode>> fields = node.fields(); fields.hasNext(); ) {
      Map.Entry<String, JsonNode> field = fields.next();
      if (!written.contains(field.getKey())) {
        generator.writeFieldName(field.getKey());
        MAPPER.writeTree(generator, field.getValue());
      }
    }
  }
}
