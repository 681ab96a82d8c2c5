package dev.ensemble.persistence.format;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * Bytes as a value: equal by content. Holds the array that it was given, without a copy, so whoever
 * hands one over must not change it afterwards.
 */
public final class Bytes {
  public static final Bytes EMPTY = new Bytes(new byte[0]);

  private final byte[] array;

  private Bytes(byte[] array) {
    this.array = array;
  }

  /** Wraps {@code array}, which must not be changed afterwards. */
  public static Bytes of(byte[] array) {
    return array.length == 0 ? EMPTY : new Bytes(array);
  }

  /** The bytes of {@code text} in UTF-8. */
  public static Bytes utf8(String text) {
    return of(text.getBytes(StandardCharsets.UTF_8));
  }

  /** Takes what remains in {@code buffer}, without a copy where the buffer is exactly an array. */
  public static Bytes of(ByteBuffer buffer) {
    if (buffer.hasArray()
        && !buffer.isReadOnly()
        && buffer.arrayOffset() == 0
        && buffer.position() == 0
        && buffer.remaining() == buffer.array().length) {
      return of(buffer.array());
    }
    byte[] copy = new byte[buffer.remaining()];
    buffer.duplicate().get(copy);
    return of(copy);
  }

  public int size() {
    return array.length;
  }

  public boolean isEmpty() {
    return array.length == 0;
  }

  /** The bytes themselves. Shared: do not change. */
  public byte[] array() {
    return array;
  }

  /** A read-only view, without a copy. */
  public ByteBuffer buffer() {
    return ByteBuffer.wrap(array).asReadOnlyBuffer();
  }

  /** The bytes read as UTF-8. */
  public String text() {
    return new String(array, StandardCharsets.UTF_8);
  }

  public String hex() {
    return HexFormat.of().formatHex(array);
  }

  void addTo(MessageDigest digest) {
    digest.update(array);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Bytes bytes && Arrays.equals(array, bytes.array);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(array);
  }

  /** The size only: payloads may be secret. */
  @Override
  public String toString() {
    return array.length + " bytes";
  }
}
