package dev.ensemble.persistence.format;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * The hashes that make the journal provable: SHA-256, one chain through the events of each entity
 * and one through each ledger. docs/journal-format.md has them byte by byte. All over the bytes as
 * stored, so sealed events can be verified without their keys.
 */
public final class HashChain {
  // 16 ASCII bytes each, so that no input of one kind can be taken for another.
  private static final byte[] EVENT = "ensemble-event-1".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] CHAIN = "ensemble-chain-1".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] LEDGER = "ensemble-ledger1".getBytes(StandardCharsets.US_ASCII);

  private HashChain() {}

  /** The chain hash of a ledger before its first event. */
  public static Hash start(String ledger) {
    MessageDigest digest = sha256();
    digest.update(LEDGER);
    digest.update(ledger.getBytes(StandardCharsets.UTF_8));
    return Hash.of(digest.digest());
  }

  /** The hash of an event that follows {@code previous} in its entity. */
  public static Hash event(
      Hash previous,
      String entity,
      long sequence,
      String type,
      int version,
      Form form,
      Bytes payload,
      Bytes provenance) {
    MessageDigest digest = sha256();
    digest.update(EVENT);
    digest.update(previous.shared());
    addSized(digest, entity.getBytes(StandardCharsets.UTF_8));
    digest.update(ByteBuffer.allocate(8).putLong(0, sequence));
    addSized(digest, type.getBytes(StandardCharsets.UTF_8));
    digest.update(ByteBuffer.allocate(4).putInt(0, version));
    digest.update((byte) form.code());
    addSized(digest, payload.array());
    addSized(digest, provenance.array());
    return Hash.of(digest.digest());
  }

  /** The hash that {@code event} should have. */
  public static Hash event(EventRecord event) {
    return event(
        event.previousHash(),
        event.entity(),
        event.sequence(),
        event.type(),
        event.version(),
        event.form(),
        event.payload(),
        event.provenance());
  }

  /** The chain hash of a ledger after an event, from the one before it. */
  public static Hash ledger(Hash before, long revision, Hash event) {
    MessageDigest digest = sha256();
    digest.update(CHAIN);
    digest.update(before.shared());
    digest.update(ByteBuffer.allocate(8).putLong(0, revision));
    digest.update(event.shared());
    return Hash.of(digest.digest());
  }

  private static void addSized(MessageDigest digest, byte[] bytes) {
    digest.update(ByteBuffer.allocate(4).putInt(0, bytes.length));
    digest.update(bytes);
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
