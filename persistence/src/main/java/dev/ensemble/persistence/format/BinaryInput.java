package dev.ensemble.persistence.format;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** Reads what {@link BinaryOutput} wrote and trusts no length: all faults are FormatExceptions. */
final class BinaryInput {
  private final ByteBuffer buffer;

  BinaryInput(ByteBuffer source) {
    buffer = source.duplicate().order(ByteOrder.BIG_ENDIAN);
  }

  int readByte() {
    need(1);
    return buffer.get() & 0xff;
  }

  int readInt() {
    need(Integer.BYTES);
    return buffer.getInt();
  }

  long readVarint() {
    long value = 0;
    for (int shift = 0; shift < 63; shift += 7) {
      int next = readByte();
      value |= (long) (next & 0x7f) << shift;
      if (next < 0x80) {
        if (next == 0 && shift > 0) {
          throw new FormatException("a number with a needless byte");
        }
        return value;
      }
    }
    throw new FormatException("a number of more than 63 bits");
  }

  int readInt31() {
    long value = readVarint();
    if (value > Integer.MAX_VALUE) {
      throw new FormatException("a number of more than 31 bits");
    }
    return (int) value;
  }

  /** A count of things that take {@code bytesEach} at least. */
  int readCount(int max, int bytesEach) {
    long count = readVarint();
    if (count > max || count * bytesEach > buffer.remaining()) {
      throw new FormatException("a count of " + count + " does not fit");
    }
    return (int) count;
  }

  String readText(int bytesMax) {
    ByteBuffer bytes = slice(bytesMax);
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(bytes).toString();
    } catch (CharacterCodingException e) {
      throw new FormatException("text that is not UTF-8", e);
    }
  }

  Bytes readSized() {
    ByteBuffer bytes = slice(Integer.MAX_VALUE);
    byte[] copy = new byte[bytes.remaining()];
    bytes.get(copy);
    return Bytes.of(copy);
  }

  Hash readHash() {
    need(Hash.BYTES);
    byte[] bytes = new byte[Hash.BYTES];
    buffer.get(bytes);
    return Hash.of(bytes);
  }

  void expectEnd() {
    if (buffer.hasRemaining()) {
      throw new FormatException(buffer.remaining() + " bytes too many");
    }
  }

  private ByteBuffer slice(int bytesMax) {
    long length = readVarint();
    if (length > bytesMax) {
      throw new FormatException("a length of " + length + " is above " + bytesMax);
    }
    need(length);
    ByteBuffer part = buffer.slice(buffer.position(), (int) length);
    buffer.position(buffer.position() + (int) length);
    return part;
  }

  private void need(long bytes) {
    if (buffer.remaining() < bytes) {
      throw new FormatException(
          "cut short: %d bytes wanted, %d left".formatted(bytes, buffer.remaining()));
    }
  }
}
