package dev.ensemble.actors.ledger;

import dev.ensemble.actors.view.Change;
import dev.ensemble.actors.view.LedgerView.Tip;
import dev.ensemble.actors.view.StoredObject;
import dev.ensemble.actors.view.StoredVersion;
import dev.ensemble.actors.view.StoredVersion.Place;
import dev.ensemble.core.entity.Durability;
import dev.ensemble.persistence.format.Batch;
import dev.ensemble.persistence.format.EventId;
import dev.ensemble.persistence.format.EventRecord;
import dev.ensemble.persistence.format.Form;
import dev.ensemble.persistence.format.Hash;
import dev.ensemble.persistence.format.ProvenanceJson;
import dev.ensemble.persistence.journal.OutOfSequenceException;
import dev.ensemble.persistence.journal.Recorded;
import dev.ensemble.persistence.ledger.IndexRow;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * Makes one flight out of appends: checks sequences, gives revisions, chains hashes, stamps the
 * encoded objects.
 */
final class BatchAssembly {
  private final Durability durability;
  private final Function<String, Optional<Tip>> tipBefore;
  private final RevisionClock clock;
  private final Instant now;
  private final List<EventRecord> records = new ArrayList<>();
  private final List<Append> accepted = new ArrayList<>();
  private final List<Change> changes = new ArrayList<>();
  private final Map<String, Tip> tips = new HashMap<>();
  private final List<IndexSpan> spans = new ArrayList<>();

  private record IndexSpan(String entity, long first, long last) {}

  /**
   * Begins a flight of appends of one durability.
   *
   * @param tipBefore where an entity stands after all earlier flights
   */
  BatchAssembly(
      Durability durability,
      Function<String, Optional<Tip>> tipBefore,
      RevisionClock clock,
      Instant now) {
    this.durability = durability;
    this.tipBefore = tipBefore;
    this.clock = clock;
    this.now = now;
  }

  /** Takes an append in, or fails it when it does not continue its entity's sequence. */
  void add(Append append) {
    Optional<Tip> before =
        Optional.ofNullable(tips.get(append.entity())).or(() -> tipBefore.apply(append.entity()));
    long expected = before.map(Tip::sequence).orElse(0L) + 1;
    if (append.firstSequence() != expected) {
      append.refuse(
          new OutOfSequenceException(
              append.entity()
                  + " has events up to "
                  + (expected - 1)
                  + ", not "
                  + (append.firstSequence() - 1)));
      return;
    }
    Optional<Tip> tip = before;
    long sequence = append.firstSequence();
    for (int i = 0; i < append.events().size(); i++) {
      tip = Optional.of(record(append, i, sequence, tip));
      sequence++;
    }
    tip.ifPresent(last -> tips.put(append.entity(), last));
    spans.add(new IndexSpan(append.entity(), append.firstSequence(), sequence - 1));
    accepted.add(append);
  }

  private Tip record(Append append, int index, long sequence, Optional<Tip> before) {
    Recorded event = append.events().get(index);
    long revision = clock.next(now);
    EventId id = new EventId(append.entity(), sequence);
    Hash hash = before.map(Tip::hash).orElse(Hash.ZERO);
    if (durability == Durability.JOURNALED) {
      EventRecord record = journaled(append, index, id, revision, hash);
      records.add(record);
      hash = record.hash();
    }
    AfterImage after = (AfterImage) event.attachment();
    Optional<StoredVersion> previous = before.flatMap(Tip::live);
    long created =
        previous.isPresent() ? before.map(Tip::createdRevision).orElse(revision) : revision;
    Place place = new Place(revision, sequence, created, hash);
    Optional<StoredVersion> live = after.draft().map(draft -> draft.at(place));
    StoredVersion subject =
        live.orElseGet(
            () ->
                previous
                    .orElseThrow(
                        () -> new IllegalStateException("removed while there is no object: " + id))
                    .removedAt(revision, sequence));
    changes.add(new Change(typeOf(live, previous), subject, asStored(previous), id));
    event.acknowledged(subject);
    return new Tip(sequence, revision, created, hash, after.uid(), live);
  }

  private static EventRecord journaled(
      Append append, int index, EventId id, long revision, Hash previousHash) {
    Recorded event = append.events().get(index);
    return EventRecord.chained(
        previousHash,
        id,
        revision,
        event.type(),
        event.version(),
        event.sealedFor().isPresent() ? Form.SEALED : Form.PLAIN,
        append.payloads().get(index),
        ProvenanceJson.encode(event.provenance()));
  }

  static Change.Type typeOf(Optional<StoredVersion> live, Optional<StoredVersion> previous) {
    if (live.isEmpty()) {
      return Change.Type.DELETED;
    }
    return previous.isEmpty() ? Change.Type.ADDED : Change.Type.MODIFIED;
  }

  static Optional<StoredObject> asStored(Optional<StoredVersion> version) {
    return version.map(stored -> stored);
  }

  boolean isEmpty() {
    return accepted.isEmpty();
  }

  /** Closes the flight; {@code chain} makes the batch that follows the last one. */
  Flight close(Function<List<EventRecord>, Batch> chain) {
    if (durability == Durability.IN_MEMORY) {
      return new Flight(Optional.empty(), accepted, changes, tips, List.of());
    }
    Batch batch = chain.apply(records);
    List<IndexRow> index = new ArrayList<>(spans.size());
    for (IndexSpan span : spans) {
      index.add(new IndexRow(span.entity(), span.first(), span.last(), batch.number()));
    }
    return new Flight(Optional.of(batch), accepted, changes, tips, index);
  }
}
