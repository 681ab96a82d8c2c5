package dev.ensemble.persistence.ledger;

import dev.ensemble.persistence.format.Bytes;
import dev.ensemble.persistence.format.EventId;
import dev.ensemble.persistence.format.EventRecord;
import dev.ensemble.persistence.format.Form;
import dev.ensemble.persistence.format.Hash;
import dev.ensemble.persistence.format.Provenance;
import dev.ensemble.persistence.format.ProvenanceJson;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Makes events that continue each entity's sequence and hashes, with growing revisions. */
public final class Samples {
  private static final Bytes PROVENANCE =
      ProvenanceJson.encode(
          Provenance.internal(
              "system:test", Instant.parse("2026-01-02T03:04:05Z"), Optional.empty()));

  private final Map<String, EventRecord> last = new HashMap<>();
  private final String payload;
  private long revision;

  public Samples(String payload) {
    this.payload = payload;
  }

  public Samples() {
    this("{\"text\":\"sample\"}");
  }

  /** The next event of {@code entity}. */
  public EventRecord next(String entity) {
    Optional<EventRecord> before = Optional.ofNullable(last.get(entity));
    revision += 16;
    EventRecord event =
        EventRecord.chained(
            before.map(EventRecord::hash).orElse(Hash.ZERO),
            new EventId(entity, before.map(EventRecord::sequence).orElse(0L) + 1),
            revision,
            "object.amended",
            1,
            Form.PLAIN,
            Bytes.utf8(payload),
            PROVENANCE);
    last.put(entity, event);
    return event;
  }

  public List<EventRecord> one(String entity) {
    return List.of(next(entity));
  }
}
