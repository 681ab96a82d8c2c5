package dev.ensemble.actors.market;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.typed.ActorRef;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ensemble.actors.entity.Resident;
import dev.ensemble.actors.store.ObjectStore;
import dev.ensemble.actors.store.Outcome;
import dev.ensemble.actors.store.ResidentMessage;
import dev.ensemble.actors.view.Change;
import dev.ensemble.actors.view.PastPage;
import dev.ensemble.actors.view.RevisionExpiredException;
import dev.ensemble.actors.view.Scope;
import dev.ensemble.actors.view.Snapshot;
import dev.ensemble.actors.view.StoredObject;
import dev.ensemble.actors.view.View;
import dev.ensemble.core.entity.ObjectCommand;
import dev.ensemble.core.entity.Rejection;
import dev.ensemble.core.object.ObjectKey;
import dev.ensemble.core.object.ResourceName;
import dev.ensemble.persistence.format.EventId;
import dev.ensemble.persistence.format.Provenance;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.Predicate;

/** Objects in memory, with residents and watches, for tests of wiring. */
public final class MemoryStore implements ObjectStore {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private final ActorTestKit kit;
  private final Map<ResourceName, MemoryView> views = new HashMap<>();
  private final Map<ResourceName, Resident> residents = new HashMap<>();
  private final Map<ObjectKey, ActorRef<ResidentMessage>> living = new HashMap<>();
  private final Map<ObjectKey, Long> sequences = new HashMap<>();
  private final List<Submitted> submitted = new ArrayList<>();
  private Function<Submitted, Optional<CompletionStage<Outcome>>> interception =
      command -> Optional.empty();
  private long revision = 100;

  public record Submitted(ObjectKey key, ObjectCommand command, Provenance provenance) {}

  public MemoryStore(ActorTestKit kit) {
    this.kit = kit;
  }

  public synchronized void reside(String resource, Resident resident) {
    residents.put(ResourceName.parse(resource), resident);
  }

  /** What is to happen instead of a command, where it answers something. */
  public synchronized void intercept(
      Function<Submitted, Optional<CompletionStage<Outcome>>> newInterception) {
    interception = newInterception;
  }

  public synchronized List<Submitted> submitted() {
    return List.copyOf(submitted);
  }

  public synchronized void put(String resource, JsonNode object) {
    String namespace = object.path("metadata").path("namespace").asText();
    ObjectKey key = ObjectKey.of(resource, namespace, object.at("/metadata/name").asText());
    commit(key, object.deepCopy());
  }

  public synchronized Optional<ObjectNode> get(String resource, String namespace, String name) {
    return view(ResourceName.parse(resource))
        .snapshot()
        .get(namespace, name)
        .map(StoredObject::tree);
  }

  public synchronized void delete(String resource, String namespace, String name) {
    remove(ObjectKey.of(resource, namespace, name));
  }

  public synchronized void endFeeds() {
    views.values().forEach(MemoryView::end);
  }

  /** Stops a resident and starts it anew, as when its entity moves. */
  public synchronized void restartResident(ObjectKey key) {
    kit.stop(living.remove(key));
    start(key);
  }

  @Override
  public synchronized View view(ResourceName resource) {
    return views.computeIfAbsent(resource, MemoryView::new);
  }

  @Override
  public synchronized CompletionStage<Outcome> submit(
      ObjectKey key, ObjectCommand command, Provenance provenance) {
    Submitted asked = new Submitted(key, command, provenance);
    submitted.add(asked);
    return interception
        .apply(asked)
        .orElseGet(() -> CompletableFuture.completedFuture(decide(key, command)));
  }

  /** Carries a command out, whatever is intercepted. */
  public synchronized Outcome decide(ObjectKey key, ObjectCommand command) {
    MemoryView view = (MemoryView) view(key.resource());
    Optional<StoredObject> current = view.snapshot().get(key.namespace(), key.name());
    if (command instanceof ObjectCommand.Create create) {
      return current.isPresent()
          ? new Outcome.Rejected(new Rejection.AlreadyExists(key))
          : commit(key, create.object());
    }
    if (current.isEmpty()) {
      return new Outcome.Rejected(new Rejection.NotFound(key));
    }
    ObjectNode tree = current.get().tree();
    ((ObjectNode) tree.path("metadata")).remove("resourceVersion");
    if (command instanceof ObjectCommand.Bind bind) {
      if (tree.path("spec").has("nodeName") || isOther(tree, bind.expectedUid())) {
        return new Outcome.Rejected(new Rejection.Conflict(key, "pod is already assigned"));
      }
      tree.withObjectProperty("spec").put("nodeName", bind.node());
      return commit(key, tree);
    }
    if (command instanceof ObjectCommand.ReportStatus report) {
      if (isOther(tree, report.expectedUid())) {
        return new Outcome.Rejected(new Rejection.Conflict(key, "another uid"));
      }
      if (tree.path("status").equals(report.status())) {
        return new Outcome.Unchanged(current.get());
      }
      tree.set("status", report.status());
      return commit(key, tree);
    }
    if (command instanceof ObjectCommand.Amend amend) {
      merge(tree, amend.mergePatch());
      return commit(key, tree);
    }
    if (command instanceof ObjectCommand.Replace replace) {
      return replace.expectedSequence() == current.get().sequence()
          ? commit(key, replace.object())
          : new Outcome.Rejected(Rejection.Conflict.modified(key));
    }
    if (command instanceof ObjectCommand.Delete delete) {
      if (isOther(tree, delete.expectedUid())) {
        return new Outcome.Rejected(new Rejection.Conflict(key, "another uid"));
      }
      tree.withObjectProperty("metadata").put("deletionTimestamp", "2026-01-01T00:00:00Z");
      return commit(key, tree);
    }
    if (command instanceof ObjectCommand.ConfirmRemoved confirm) {
      return isOther(tree, Optional.of(confirm.uid()))
          ? new Outcome.Rejected(new Rejection.Conflict(key, "another uid"))
          : remove(key);
    }
    throw new UnsupportedOperationException(command.toString());
  }

  private static boolean isOther(JsonNode tree, Optional<String> uid) {
    return uid.isPresent() && !tree.at("/metadata/uid").asText().equals(uid.get());
  }

  private static void merge(ObjectNode target, ObjectNode patch) {
    patch
        .fields()
        .forEachRemaining(
            field -> {
              if (field.getValue().isObject()) {
                merge(target.withObjectProperty(field.getKey()), (ObjectNode) field.getValue());
              } else if (field.getValue().isNull()) {
                target.remove(field.getKey());
              } else {
                target.set(field.getKey(), field.getValue());
              }
            });
  }

  private Outcome commit(ObjectKey key, ObjectNode object) {
    MemoryView view = (MemoryView) view(key.resource());
    Optional<StoredObject> before = view.snapshot().get(key.namespace(), key.name());
    Stored stored = store(key, object);
    view.change(
        new Change(
            before.isPresent() ? Change.Type.MODIFIED : Change.Type.ADDED,
            stored,
            before,
            new EventId(key.entityId(), stored.sequence())));
    start(key);
    return new Outcome.Committed(stored);
  }

  private Outcome remove(ObjectKey key) {
    MemoryView view = (MemoryView) view(key.resource());
    StoredObject before = view.snapshot().get(key.namespace(), key.name()).orElseThrow();
    Stored last = store(key, before.tree());
    view.change(
        new Change(
            Change.Type.DELETED,
            last,
            Optional.of(before),
            new EventId(key.entityId(), last.sequence())));
    Optional.ofNullable(living.remove(key)).ifPresent(kit::stop);
    return new Outcome.Removed(last);
  }

  private Stored store(ObjectKey key, ObjectNode object) {
    object.withObjectProperty("metadata").put("resourceVersion", Long.toString(++revision));
    return new Stored(key, object, revision, sequences.merge(key, 1L, Long::sum));
  }

  private void start(ObjectKey key) {
    Resident resident = residents.get(key.resource());
    if (resident != null && !living.containsKey(key)) {
      living.put(key, kit.spawn(resident.create(key, this)));
    }
  }

  @Override
  public synchronized void tell(ObjectKey key, ResidentMessage message) {
    Optional.ofNullable(living.get(key)).ifPresent(actor -> actor.tell(message));
  }

  private record Stored(ObjectKey key, ObjectNode object, long revision, long sequence)
      implements StoredObject {
    @Override
    public byte[] json() {
      try {
        return MAPPER.writeValueAsString(object).getBytes(StandardCharsets.UTF_8);
      } catch (JsonProcessingException e) {
        throw new IllegalStateException(e);
      }
    }

    @Override
    public ObjectNode tree() {
      return object.deepCopy();
    }

    @Override
    public String uid() {
      return object.at("/metadata/uid").asText();
    }

    @Override
    public Map<String, String> labels() {
      Map<String, String> labels = new TreeMap<>();
      object
          .at("/metadata/labels")
          .fields()
          .forEachRemaining(e -> labels.put(e.getKey(), e.getValue().asText()));
      return labels;
    }

    @Override
    public List<String> owners() {
      List<String> owners = new ArrayList<>();
      object.at("/metadata/ownerReferences").forEach(e -> owners.add(e.path("uid").asText()));
      return owners;
    }

    @Override
    public boolean deleting() {
      return object.at("/metadata").has("deletionTimestamp");
    }
  }

  private final class MemoryView implements View {
    private final ResourceName resource;
    private TreeMap<String, StoredObject> objects = new TreeMap<>();
    private final List<Change> history = new ArrayList<>();
    private final List<Listener> listeners = new ArrayList<>();

    MemoryView(ResourceName resource) {
      this.resource = resource;
    }

    void change(Change change) {
      TreeMap<String, StoredObject> next = new TreeMap<>(objects);
      String path = change.object().key().namespace() + "/" + change.object().key().name();
      if (change.type() == Change.Type.DELETED) {
        next.remove(path);
      } else {
        next.put(path, change.object());
      }
      objects = next;
      history.add(change);
      List.copyOf(listeners).forEach(listener -> listener.onChange(change));
    }

    void end() {
      List<Listener> ended = List.copyOf(listeners);
      listeners.clear();
      ended.forEach(Listener::onEnd);
    }

    @Override
    public ResourceName resource() {
      return resource;
    }

    @Override
    public Snapshot snapshot() {
      synchronized (MemoryStore.this) {
        return new MemorySnapshot(revision, objects);
      }
    }

    @Override
    public CompletionStage<PastPage> changesAfter(long revision, Scope scope) {
      return CompletableFuture.failedFuture(new RevisionExpiredException("nothing is dropped"));
    }

    @Override
    public CompletionStage<Snapshot> at(long revision) {
      return CompletableFuture.failedFuture(new RevisionExpiredException("no past is kept"));
    }

    @Override
    public Subscription subscribe(long after, Listener listener) {
      synchronized (MemoryStore.this) {
        history.stream().filter(c -> c.revision() > after).forEach(listener::onChange);
        listeners.add(listener);
        return () -> {
          synchronized (MemoryStore.this) {
            listeners.remove(listener);
          }
        };
      }
    }
  }

  private record MemorySnapshot(long revision, TreeMap<String, StoredObject> objects)
      implements Snapshot {
    @Override
    public int size() {
      return objects.size();
    }

    @Override
    public Optional<StoredObject> get(String namespace, String name) {
      return Optional.ofNullable(objects.get(namespace + "/" + name));
    }

    @Override
    public Iterable<StoredObject> all() {
      return objects.values();
    }

    @Override
    public Iterable<StoredObject> inNamespace(String namespace) {
      return matching(object -> object.key().namespace().equals(namespace));
    }

    @Override
    public Iterable<StoredObject> after(String namespace, String name) {
      return objects.tailMap(namespace + "/" + name, false).values();
    }

    @Override
    public Iterable<StoredObject> ownedBy(String uid) {
      return matching(object -> false);
    }

    @Override
    public Iterable<StoredObject> onNode(String node) {
      return matching(o -> o.tree().at("/spec/nodeName").asText().equals(node));
    }

    @Override
    public Iterable<StoredObject> labelled(String namespace, String label, String value) {
      return matching(
          o -> o.key().namespace().equals(namespace) && value.equals(o.labels().get(label)));
    }

    private Iterable<StoredObject> matching(Predicate<StoredObject> predicate) {
      Iterator<StoredObject> all = objects.values().stream().filter(predicate).iterator();
      List<StoredObject> found = new ArrayList<>();
      all.forEachRemaining(found::add);
      return found;
    }
  }
}
