package dev.ensemble.persistence.format;

/** Names one event: the entity's id and the event's sequence number in that entity, from 1. */
public record EventId(String entity, long sequence) {
  /** {@code entity#sequence}. */
  @Override
  public String toString() {
    return entity + "#" + sequence;
  }
}
