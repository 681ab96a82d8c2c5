package dev.ensemble.persistence.format;

import java.util.Objects;

/**
 * One event as the journal keeps it.
 *
 * @param entity the entity's id, {@code resource.group/namespace/name}
 * @param sequence the event's number in its entity, from 1, without gaps
 * @param revision its position in the ledger
 * @param type the wire type, such as {@code object.created}
 * @param version the version of that type's format, from 1
 * @param form whether the payload is sealed
 * @param payload the event's JSON, or its sealed form
 * @param provenance the {@link Provenance} as JSON, see {@link ProvenanceJson}
 * @param previousHash the hash of the entity's event before this one, {@link Hash#ZERO} for the
 *     first
 * @param hash see {@link HashChain#event}
 */
public record EventRecord(
    String entity,
    long sequence,
    long revision,
    String type,
    int version,
    Form form,
    Bytes payload,
    Bytes provenance,
    Hash previousHash,
    Hash hash) {
  public EventRecord {
    Objects.requireNonNull(form, "form");
    Objects.requireNonNull(payload, "payload");
    Objects.requireNonNull(provenance, "provenance");
    Objects.requireNonNull(previousHash, "previousHash");
    Objects.requireNonNull(hash, "hash");
    if (entity.isEmpty() || type.isEmpty() || sequence < 1 || revision < 1 || version < 1) {
      throw new IllegalArgumentException(
          "not an event: '%s' sequence %d revision %d type '%s' version %d"
              .formatted(entity, sequence, revision, type, version));
    }
  }

  /** An event whose hash is computed from the rest. */
  public static EventRecord chained(
      Hash previousHash,
      EventId id,
      long revision,
      String type,
      int version,
      Form form,
      Bytes payload,
      Bytes provenance) {
    Hash hash =
        HashChain.event(
            previousHash, id.entity(), id.sequence(), type, version, form, payload, provenance);
    return new EventRecord(
        id.entity(),
        id.sequence(),
        revision,
        type,
        version,
        form,
        payload,
        provenance,
        previousHash,
        hash);
  }

  public EventId id() {
    return new EventId(entity, sequence);
  }
}
