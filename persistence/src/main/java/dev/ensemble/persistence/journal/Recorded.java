package dev.ensemble.persistence.journal;

import dev.ensemble.persistence.format.Provenance;
import java.util.Optional;

/**
 * One event on its way to the journal, or back from it: encoded, with its provenance. The {@code
 * attachment} travels to the ledger in the same process and is never stored; the ledger's revision
 * comes back in {@link #receipt}.
 */
public final class Recorded {
  private final String type;
  private final int version;
  private final byte[] payload;
  private final Provenance provenance;
  private final Optional<String> sealedFor;
  private final Object attachment;
  private volatile Object receipt;
  private volatile Throwable refusal;

  /**
   * Makes an event to be recorded.
   *
   * @param type wire name, such as {@code pod.bound}
   * @param version format version of the payload
   * @param payload the event as JSON in UTF-8
   * @param sealedFor the object's uid under whose key the payload must be sealed; empty when the
   *     kind is not secret
   * @param attachment for the ledger, such as the object's image after the event
   */
  public Recorded(
      String type,
      int version,
      byte[] payload,
      Provenance provenance,
      Optional<String> sealedFor,
      Object attachment) {
    this.type = type;
    this.version = version;
    this.payload = payload;
    this.provenance = provenance;
    this.sealedFor = sealedFor;
    this.attachment = attachment;
  }

  public String type() {
    return type;
  }

  public int version() {
    return version;
  }

  public byte[] payload() {
    return payload;
  }

  public Provenance provenance() {
    return provenance;
  }

  public Optional<String> sealedFor() {
    return sealedFor;
  }

  public Object attachment() {
    return attachment;
  }

  /** What the ledger answered for this event; set before the journal acknowledges. */
  public Optional<Object> receipt() {
    return Optional.ofNullable(receipt);
  }

  /** Why the ledger certainly did not write this event; empty when it did, or may have. */
  public Optional<Throwable> refusal() {
    return Optional.ofNullable(refusal);
  }

  public void refused(Throwable why) {
    this.refusal = why;
  }

  public void acknowledged(Object ledgerReceipt) {
    this.receipt = ledgerReceipt;
  }
}
