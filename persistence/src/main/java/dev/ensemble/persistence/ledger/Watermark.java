package dev.ensemble.persistence.ledger;

import dev.ensemble.persistence.format.Hash;
import dev.ensemble.persistence.format.HashChain;

/**
 * How far a ledger's checkpoint and entity index reach: all batches up to this one are in them.
 *
 * @param batch the last batch that is in; 0 when none is
 * @param revision that batch's last revision; 0 when there is none
 * @param chain the chain hash after that batch
 */
public record Watermark(long batch, long revision, Hash chain) {
  /** Nothing written behind yet. */
  public static Watermark start(String ledger) {
    return new Watermark(0, 0, HashChain.start(ledger));
  }
}
