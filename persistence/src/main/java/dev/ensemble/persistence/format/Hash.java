package dev.ensemble.persistence.format;

import java.util.Arrays;
import java.util.HexFormat;

/** A SHA-256 value: 32 bytes, equal by content. */
public final class Hash {
  public static final int BYTES = 32;

  /** 32 zero bytes: what stands before the first event of an entity. */
  public static final Hash ZERO = new Hash(new byte[BYTES]);

  private final byte[] bytes;

  private Hash(byte[] bytes) {
    this.bytes = bytes;
  }

  /** Takes 32 bytes; any other number is an {@link IllegalArgumentException}. */
  public static Hash of(byte[] bytes) {
    if (bytes.length != BYTES) {
      throw new IllegalArgumentException("a hash has 32 bytes, not " + bytes.length);
    }
    return new Hash(bytes.clone());
  }

  /** Reads what {@link #toString} writes: 64 hexadecimal digits. */
  public static Hash parse(String hex) {
    return of(HexFormat.of().parseHex(hex));
  }

  /** A copy. */
  public byte[] toBytes() {
    return bytes.clone();
  }

  byte[] shared() {
    return bytes;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Hash hash && Arrays.equals(bytes, hash.bytes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bytes);
  }

  /** 64 hexadecimal digits. */
  @Override
  public String toString() {
    return HexFormat.of().formatHex(bytes);
  }
}
