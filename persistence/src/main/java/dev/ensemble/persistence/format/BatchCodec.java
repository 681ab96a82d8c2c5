package dev.ensemble.persistence.format;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * A batch as one blob: magic, version, fields, and a CRC-32C at the end. docs/journal-format.md has
 * it byte by byte. Readers refuse versions that they do not know.
 */
public final class BatchCodec {
  static final int MAGIC_FIRST = 'E';
  static final int MAGIC_SECOND = 'B';
  static final int VERSION = 1;

  private static final int NAME_BYTES_MAX = 4096;
  // Two hashes, and one byte at least for each other field.
  private static final int EVENT_BYTES_MIN = 2 * Hash.BYTES + 8;

  private BatchCodec() {}

  /** The blob; a batch above {@link Batch#MAX_BYTES} is an {@link IllegalArgumentException}. */
  public static ByteBuffer encode(Batch batch) {
    BinaryOutput out = new BinaryOutput(sizeOf(batch));
    out.writeByte(MAGIC_FIRST);
    out.writeByte(MAGIC_SECOND);
    out.writeByte(VERSION);
    out.writeText(batch.ledger());
    out.writeVarint(batch.epoch());
    out.writeVarint(batch.number());
    out.writeHash(batch.chainBefore());
    out.writeVarint(batch.events().size());
    for (EventRecord event : batch.events()) {
      out.writeText(event.entity());
      out.writeVarint(event.sequence());
      out.writeVarint(event.revision());
      out.writeText(event.type());
      out.writeVarint(event.version());
      out.writeByte(event.form().code());
      out.writeSized(event.payload());
      out.writeSized(event.provenance());
      out.writeHash(event.previousHash());
      out.writeHash(event.hash());
    }
    out.writeHash(batch.chainAfter());
    CRC32C crc = new CRC32C();
    crc.update(out.written());
    out.writeInt((int) crc.getValue());
    ByteBuffer blob = out.written();
    if (blob.remaining() > Batch.MAX_BYTES) {
      throw new IllegalArgumentException(
          "batch %d of %s takes %d bytes, more than %d"
              .formatted(batch.number(), batch.ledger(), blob.remaining(), Batch.MAX_BYTES));
    }
    return blob;
  }

  /**
   * Reads what {@link #encode} wrote. Anything else, be it damaged, cut short, followed by more or
   * of another version, is a {@link FormatException}. Hashes are read, not verified.
   */
  public static Batch decode(ByteBuffer blob) {
    if (blob.remaining() > Batch.MAX_BYTES) {
      throw new FormatException("a batch of " + blob.remaining() + " bytes");
    }
    BinaryInput in = new BinaryInput(blob);
    if (in.readByte() != MAGIC_FIRST || in.readByte() != MAGIC_SECOND) {
      throw new FormatException("not a batch: it begins with other bytes");
    }
    int version = in.readByte();
    if (version != VERSION) {
      throw new FormatException(
          "batch format version " + version + " is not known here, only " + VERSION);
    }
    checkCrc(blob);
    try {
      return readFields(in);
    } catch (IllegalArgumentException e) {
      throw new FormatException("not a batch: " + e.getMessage(), e);
    }
  }

  private static Batch readFields(BinaryInput in) {
    String ledger = in.readText(NAME_BYTES_MAX);
    long epoch = in.readVarint();
    long number = in.readVarint();
    Hash chainBefore = in.readHash();
    int count = in.readCount(Batch.MAX_EVENTS, EVENT_BYTES_MIN);
    List<EventRecord> events = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      events.add(
          new EventRecord(
              in.readText(NAME_BYTES_MAX),
              in.readVarint(),
              in.readVarint(),
              in.readText(NAME_BYTES_MAX),
              in.readInt31(),
              Form.ofCode(in.readByte()),
              in.readSized(),
              in.readSized(),
              in.readHash(),
              in.readHash()));
    }
    Hash chainAfter = in.readHash();
    in.readInt();
    in.expectEnd();
    return new Batch(ledger, epoch, number, events, chainBefore, chainAfter);
  }

  private static void checkCrc(ByteBuffer blob) {
    int length = blob.remaining() - Integer.BYTES;
    if (length < 0) {
      throw new FormatException("a batch of " + blob.remaining() + " bytes");
    }
    CRC32C crc = new CRC32C();
    crc.update(blob.slice(blob.position(), length));
    int stored =
        blob.slice(blob.position() + length, Integer.BYTES)
            .order(java.nio.ByteOrder.BIG_ENDIAN)
            .getInt();
    if ((int) crc.getValue() != stored) {
      throw new FormatException("a batch is damaged: its checksum differs");
    }
  }

  /** About what {@code event} adds to an encoded batch; never less. */
  public static int sizeOf(EventRecord event) {
    return EVENT_BYTES_MIN
        + 48
        + 3 * (event.entity().length() + event.type().length())
        + event.payload().size()
        + event.provenance().size();
  }

  /** About what {@code batch} takes when encoded; never less. */
  public static int sizeOf(Batch batch) {
    int size = 128 + 3 * batch.ledger().length();
    for (EventRecord event : batch.events()) {
      size = Math.addExact(size, sizeOf(event));
    }
    return size;
  }
}
