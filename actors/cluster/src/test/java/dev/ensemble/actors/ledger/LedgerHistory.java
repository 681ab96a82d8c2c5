package dev.ensemble.actors.ledger;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ensemble.actors.store.TestControlPlane;
import dev.ensemble.actors.view.Change;
import dev.ensemble.actors.view.HeldBytes;
import dev.ensemble.actors.view.LedgerView;
import dev.ensemble.actors.view.StoredVersion;
import dev.ensemble.core.entity.Decision;
import dev.ensemble.core.entity.Durability;
import dev.ensemble.core.entity.ObjectCommand;
import dev.ensemble.core.entity.ObjectDecider;
import dev.ensemble.core.entity.ObjectEvent;
import dev.ensemble.core.entity.ObjectEventCodec;
import dev.ensemble.core.entity.ObjectState;
import dev.ensemble.core.object.ObjectKey;
import dev.ensemble.core.resource.ResourceType;
import dev.ensemble.core.resource.ResourceType.Secrecy;
import dev.ensemble.persistence.format.Batch;
import dev.ensemble.persistence.format.Bytes;
import dev.ensemble.persistence.format.Provenance;
import dev.ensemble.persistence.journal.Recorded;
import dev.ensemble.persistence.ledger.LedgerStore;
import dev.ensemble.persistence.ledger.Tenure;
import dev.ensemble.persistence.ledger.memory.InMemoryLedgerStore;
import dev.ensemble.persistence.seal.Sealer;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

/** A ledger without actors: writes what it is told, batch by batch, and can be started again. */
final class LedgerHistory {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Instant START = Instant.parse("2026-01-02T03:04:05Z");

  private final LedgerStore store = new InMemoryLedgerStore();
  private final Sealer sealer;
  private final ResourceType type;
  private final LedgerParts parts;
  private final LedgerArchive archive;
  private final List<Change> live = new ArrayList<>();
  private final Map<ObjectKey, ObjectState> states = new HashMap<>();
  private final Map<ObjectKey, Long> sequences = new HashMap<>();
  private final List<Append> gathered = new ArrayList<>();
  private LedgerHandle handle;
  private WriteBehind writeBehind;
  private LedgerRecovery recovery;
  private RevisionClock revisions;
  private Tenure tenure;
  private Optional<Batch> last = Optional.empty();
  private Instant now = START;
  private int uids;

  LedgerHistory(String resource, Sealer sealer, LedgerArchive.PageLimits pages) throws Exception {
    this.sealer = sealer;
    LedgerSettings settings =
        new LedgerSettings(
            0,
            1000,
            2,
            Duration.ofDays(1),
            1000,
            Duration.ofSeconds(1),
            Long.MAX_VALUE,
            new LedgerView.Limits(3, 1 << 20),
            new LedgerSettings.Past(2, 100, 20_000));
    this.parts = new LedgerParts(store, sealer, settings, Clock.systemUTC());
    this.type = TestControlPlane.types().byPath("v1", resource).orElseThrow();
    this.archive = new LedgerArchive(type, parts, new PastReads(settings.past()), pages);
    restart();
  }

  static <T> T await(CompletionStage<T> stage) throws Exception {
    return stage.toCompletableFuture().get(30, TimeUnit.SECONDS);
  }

  /** A new process takes the ledger over. What was not flushed is found in the batches. */
  void restart() throws Exception {
    write();
    handle =
        new LedgerHandle(
            type.name(),
            type.secrecy(),
            parts.settings().history(),
            new HeldBytes(parts.settings().heldBytesMax()),
            archive);
    writeBehind = new WriteBehind(handle, store, sealer);
    recovery = new LedgerRecovery(handle, store, sealer);
    tenure = await(recovery.run()).tenure();
    recovery.takeDirty(writeBehind, now);
    revisions = new RevisionClock(0, tenure.lastRevision());
    last = Optional.empty();
  }

  LedgerView view() {
    return handle.view();
  }

  /** What a watcher saw that was there all the time. */
  List<Change> live() {
    return live;
  }

  void create(String namespace, String name, Map<String, String> labels) {
    ObjectNode object = JSON.createObjectNode().put("apiVersion", "v1").put("kind", type.kind());
    ObjectNode metadata = object.putObject("metadata").put("name", name);
    metadata.put("namespace", namespace).put("uid", "uid-" + ++uids);
    labels.forEach(metadata.putObject("labels")::put);
    submit(namespace, name, new ObjectCommand.Create(object));
  }

  void amend(String namespace, String name, String patch) throws Exception {
    submit(
        namespace,
        name,
        new ObjectCommand.Amend(Optional.empty(), (ObjectNode) JSON.readTree(patch)));
  }

  void delete(String namespace, String name) {
    submit(namespace, name, ObjectCommand.Delete.now());
  }

  private void submit(String namespace, String name, ObjectCommand command) {
    now = now.plusMillis(1);
    ObjectKey key = new ObjectKey(type.name(), namespace, name);
    ObjectState before = states.getOrDefault(key, ObjectDecider.absent());
    long sequence = sequences.getOrDefault(key, 0L);
    Decision decision = new ObjectDecider(key).decide(before, sequence, command, now);
    if (!(decision instanceof Decision.Accepted accepted) || accepted.events().isEmpty()) {
      return;
    }
    List<Recorded> recorded = new ArrayList<>();
    ObjectState state = before;
    for (ObjectEvent event : accepted.events()) {
      ObjectState next = ObjectDecider.evolve(state, event);
      recorded.add(recorded(key, state, event, next));
      state = next;
    }
    List<Bytes> payloads = recorded.stream().map(event -> payload(key, event)).toList();
    gathered.add(
        new Append(key.entityId(), sequence + 1, recorded, payloads, new CompletableFuture<>()));
    states.put(key, state);
    sequences.put(key, sequence + recorded.size());
  }

  private Recorded recorded(
      ObjectKey key, ObjectState before, ObjectEvent event, ObjectState after) {
    Optional<ObjectNode> object = ObjectDecider.objectOf(after);
    String uid =
        object
            .or(() -> ObjectDecider.objectOf(before))
            .map(found -> found.path("metadata").path("uid").asText())
            .orElseThrow();
    return new Recorded(
        ObjectEventCodec.wireName(event),
        ObjectEventCodec.VERSION,
        ObjectEventCodec.encode(event),
        Provenance.internal("test", now, Optional.empty()),
        type.secrecy() == Secrecy.SEALED ? Optional.of(uid) : Optional.empty(),
        new AfterImage(after, object.map(tree -> StoredVersion.Draft.of(key, tree)), uid));
  }

  private Bytes payload(ObjectKey key, Recorded event) {
    Bytes plain = Bytes.of(event.payload());
    return event
        .sealedFor()
        .map(uid -> sealer.seal(key.entityId(), uid, plain).toCompletableFuture().join())
        .orElse(plain);
  }

  /** One batch of all that was told since the last. */
  void write() throws Exception {
    if (gathered.isEmpty()) {
      return;
    }
    BatchAssembly assembly =
        new BatchAssembly(Durability.JOURNALED, handle.view()::tip, revisions, now);
    gathered.forEach(assembly::add);
    gathered.clear();
    Flight flight =
        assembly.close(
            records ->
                last.map(batch -> batch.followedBy(records))
                    .orElseGet(() -> tenure.firstBatch(records)));
    Batch batch = flight.batch().orElseThrow();
    last = Optional.of(batch);
    await(store.append(batch));
    handle.view().publish(flight.changes(), flight.tips());
    live.addAll(flight.changes());
    writeBehind.add(flight.tips(), flight.index(), Flight.watermark(batch), now);
    recovery.reached(Flight.watermark(batch));
  }

  /** Brings checkpoint, index and images up to date. */
  void flush() throws Exception {
    write();
    Optional<WriteBehind.Pass> pass = writeBehind.begin();
    if (pass.isPresent()) {
      await(writeBehind.write(pass.get()));
      writeBehind.succeeded();
    }
  }
}
