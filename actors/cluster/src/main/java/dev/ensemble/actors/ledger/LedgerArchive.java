package dev.ensemble.actors.ledger;

import static dev.ensemble.actors.ledger.PastReads.await;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ensemble.actors.store.StoreUnavailableException;
import dev.ensemble.actors.store.StoreUnavailableException.Category;
import dev.ensemble.actors.view.Archive;
import dev.ensemble.actors.view.Change;
import dev.ensemble.actors.view.LedgerView.Tip;
import dev.ensemble.actors.view.PastPage;
import dev.ensemble.actors.view.Scope;
import dev.ensemble.actors.view.StoredObject;
import dev.ensemble.actors.view.StoredVersion;
import dev.ensemble.core.entity.Durability;
import dev.ensemble.core.object.ObjectKey;
import dev.ensemble.core.resource.ResourceType;
import dev.ensemble.persistence.format.Batch;
import dev.ensemble.persistence.format.EventRecord;
import dev.ensemble.persistence.format.Form;
import dev.ensemble.persistence.ledger.LedgerStore;
import dev.ensemble.persistence.ledger.Watermark;
import dev.ensemble.persistence.seal.Sealer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * The past of one ledger, from its batches. Reads up to the watermark and not beyond: until there
 * every event is in the index, so what an object was before it can be found. See
 * docs/adr/0004-watches-from-the-journal.md.
 */
final class LedgerArchive implements Archive {
  private static final PageLimits LIMITS = new PageLimits(500, 1024 * 1024, 64);

  /** Read in one go: 2 MB of batches of the target size. */
  private static final int BATCHES_AT_ONCE = 4;

  private static final Duration UNTIL_NEXT_LOOK = Duration.ofMillis(250);

  private final String ledger;
  private final ResourceType type;
  private final LedgerParts parts;
  private final PastReads reads;
  private final PageLimits limits;
  private final BatchSearch search = new BatchSearch();

  /**
   * Where a page ends.
   *
   * @param batchesMax so many batches are looked at, if there is little in them for the reader
   */
  record PageLimits(int changesMax, int bytesMax, int batchesMax) {}

  LedgerArchive(ResourceType type, LedgerParts parts, PastReads reads) {
    this(type, parts, reads, LIMITS);
  }

  LedgerArchive(ResourceType type, LedgerParts parts, PastReads reads, PageLimits limits) {
    this.ledger = type.name().toString();
    this.type = type;
    this.parts = parts;
    this.reads = reads;
    this.limits = limits;
  }

  @Override
  public boolean serves(long revision, Scope scope) {
    return RevisionClock.datacenterOf(revision) == parts.settings().datacenter()
        && !Durability.someInMemory(type.name(), scope.namespace());
  }

  @Override
  public CompletionStage<PastPage> changesAfter(long revision, Scope scope, LongSupplier head) {
    return reads
        .run(
            () -> {
              Watermark watermark = await(store().readWatermark(ledger));
              long end = Math.min(watermark.revision(), head.getAsLong());
              return end <= revision
                  ? Optional.<PastPage>empty()
                  : Optional.of(page(revision, end, scope, watermark));
            })
        .thenCompose(
            page ->
                page.isPresent()
                    ? CompletableFuture.completedFuture(page.get())
                    : later(new PastPage(List.of(), revision)));
  }

  /** The checkpoint is behind by seconds: no reason to ask again at once. */
  private static CompletionStage<PastPage> later(PastPage nothing) {
    return CompletableFuture.supplyAsync(
        () -> nothing,
        CompletableFuture.delayedExecutor(UNTIL_NEXT_LOOK.toMillis(), TimeUnit.MILLISECONDS));
  }

  private LedgerStore store() {
    return parts.store();
  }

  private PastPage page(long after, long end, Scope scope, Watermark watermark) {
    EntityPast past = new EntityPast(ledger, parts, reads);
    List<Change> changes = new ArrayList<>();
    long bytes = 0;
    long reached = after;
    long next = search.firstAfter(past, after, watermark);
    for (int looked = 0; looked < limits.batchesMax(); ) {
      List<Batch> batches = await(store().readPage(ledger, next, BATCHES_AT_ONCE));
      if (batches.isEmpty()) {
        throw new StoreUnavailableException(
            Category.UNAVAILABLE, "batch " + next + " of " + ledger + " cannot be read yet");
      }
      for (Batch batch : batches) {
        for (EventRecord event : batch.events()) {
          if (event.revision() > end) {
            return new PastPage(changes, end);
          }
          if (changes.size() >= limits.changesMax() || bytes >= limits.bytesMax()) {
            return new PastPage(changes, reached);
          }
          if (event.revision() > after && scope.includes(ObjectKey.parse(event.entity()))) {
            Optional<Change> change = change(past, event, after);
            change.ifPresent(changes::add);
            bytes += change.map(some -> some.object().json().length).orElse(0);
          }
          reached = Math.max(reached, event.revision());
        }
        search.learn(batch);
        next++;
        looked++;
        if (reached >= end) {
          return new PastPage(changes, end);
        }
      }
    }
    return new PastPage(changes, reached);
  }

  /** Empty when nothing can be told of it, or nobody has seen the object. */
  private Optional<Change> change(EntityPast past, EventRecord event, long after) {
    PastState before = past.after(event.entity(), event.sequence() - 1);
    PastState now = past.after(before, event);
    Optional<StoredObject> previous = BatchAssembly.asStored(before.live());
    if (now.live().isPresent()) {
      Change.Type kind = before.isAbsent() ? Change.Type.ADDED : Change.Type.MODIFIED;
      return Optional.of(new Change(kind, now.live().get(), previous, event.id()));
    }
    if (now.isLost()) {
      return Optional.empty();
    }
    Optional<StoredVersion> last =
        before
            .live()
            .map(version -> version.removedAt(event.revision(), event.sequence()))
            .or(
                () ->
                    before.isLost() && before.createdRevision() <= after
                        ? Optional.of(nameOnly(event))
                        : Optional.empty());
    return last.map(version -> new Change(Change.Type.DELETED, version, previous, event.id()));
  }

  /** What can still be said of an object that was sealed: that it was there. */
  private StoredVersion nameOnly(EventRecord removal) {
    ObjectKey key = ObjectKey.parse(removal.entity());
    ObjectNode object = JsonNodeFactory.instance.objectNode();
    object.put("apiVersion", type.apiVersion()).put("kind", type.kind());
    ObjectNode metadata = object.putObject("metadata").put("name", key.name());
    if (!key.namespace().isEmpty()) {
      metadata.put("namespace", key.namespace());
    }
    if (removal.form() == Form.SEALED) {
      metadata.put("uid", Sealer.uidIn(removal.payload()));
    }
    return StoredVersion.Draft.of(key, object).at(removal.revision(), removal.sequence());
  }

  @Override
  public CompletionStage<Map<String, Optional<StoredVersion>>> statesAt(
      long revision, Map<String, Tip> changed) {
    return reads.run(
        () -> {
          Watermark watermark = await(store().readWatermark(ledger));
          if (watermark.revision() <= revision) {
            throw new StoreUnavailableException(
                Category.OVERLOADED, "the index of " + ledger + " does not reach so far yet");
          }
          EntityPast past = new EntityPast(ledger, parts, reads);
          long batch = search.firstAfter(past, revision, watermark);
          Map<String, Optional<StoredVersion>> states = new HashMap<>();
          changed.forEach(
              (entity, tip) -> {
                long sequence = past.sequenceAt(entity, revision, batch, tip.sequence());
                states.put(entity, past.after(entity, sequence).live());
              });
          return states;
        });
  }
}
