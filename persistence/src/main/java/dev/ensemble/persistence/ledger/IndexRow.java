package dev.ensemble.persistence.ledger;

/**
 * Says that a batch holds the events {@code firstSequence} to {@code lastSequence} of an entity.
 */
public record IndexRow(String entity, long firstSequence, long lastSequence, long batch) {
  public IndexRow {
    if (firstSequence < 1 || lastSequence < firstSequence || batch < 1) {
      throw new IllegalArgumentException(
          "not an index row: %s %d..%d in %d"
              .formatted(entity, firstSequence, lastSequence, batch));
    }
  }
}
