package dev.ensemble.persistence.format;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Writes the primitives of the journal's formats into a buffer of fixed size. */
final class BinaryOutput {
  private final ByteBuffer buffer;

  BinaryOutput(int capacity) {
    buffer = ByteBuffer.allocate(capacity);
  }

  void writeByte(int value) {
    buffer.put((byte) value);
  }

  void writeInt(int value) {
    buffer.putInt(value);
  }

  /** Seven bits a byte, lowest first; the high bit says that more follow. Not negative. */
  void writeVarint(long value) {
    if (value < 0) {
      throw new IllegalArgumentException("negative: " + value);
    }
    long rest = value;
    while (rest > 0x7f) {
      buffer.put((byte) ((rest & 0x7f) | 0x80));
      rest >>>= 7;
    }
    buffer.put((byte) rest);
  }

  void writeText(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    writeVarint(bytes.length);
    buffer.put(bytes);
  }

  void writeSized(Bytes bytes) {
    writeVarint(bytes.size());
    buffer.put(bytes.array());
  }

  void writeHash(Hash hash) {
    buffer.put(hash.shared());
  }

  /** What was written so far; shares the buffer. */
  ByteBuffer written() {
    return buffer.duplicate().flip();
  }
}
