package dev.ensemble.actors.view;

import dev.ensemble.core.object.ObjectKey;
import dev.ensemble.core.object.ResourceName;
import dev.ensemble.persistence.format.Hash;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * The view of a ledger that this process hosts. The ledger's actor is the only writer ({@link
 * #reset}, {@link #publish}); everyone reads. It outlives the ledger's actor: subscribers stay
 * while a ledger restarts and get what they missed.
 */
public final class LedgerView implements View {
  /** So many objects are read one by one for a list in the past: seconds of work. */
  static final int CHANGED_MAX = 5_000;

  private final ResourceName resource;
  private final int prefixLength;
  private final Limits limits;
  private final HeldBytes heldBytes;
  private final Archive archive;

  // By path. Entities whose object lives are in the snapshot instead.
  private final Map<String, Tip> gone = new ConcurrentHashMap<>();
  private final List<Subscriber> subscribers = new CopyOnWriteArrayList<>();
  private volatile ViewSnapshot snapshot = ViewSnapshot.of(0, List.of());

  // Guarded by this: recent changes, so that a watch can begin in the past.
  private final ArrayDeque<Change> recent = new ArrayDeque<>();
  private long recentBytes;
  private long recentAfter;
  private long held;

  /** A view on its own: it has no limit and knows nothing but what it holds. */
  public LedgerView(ResourceName resource, Limits limits) {
    this(resource, limits, new HeldBytes(Long.MAX_VALUE), Archive.NONE);
  }

  /** A view whose objects are counted in {@code heldBytes}. */
  public LedgerView(ResourceName resource, Limits limits, HeldBytes heldBytes, Archive archive) {
    this.resource = resource;
    this.prefixLength = resource.toString().length() + 1;
    this.limits = limits;
    this.heldBytes = heldBytes;
    this.archive = archive;
  }

  /** How many recent changes are held for watches that begin in the past; the older are dropped. */
  public record Limits(int changesMax, long bytesMax) {}

  /**
   * Where an entity stands.
   *
   * @param sequence number of its last event
   * @param revision that event's revision
   * @param createdRevision the revision that made this incarnation
   * @param hash hash of its last event
   * @param uid the object's uid, or that of the last incarnation
   * @param live the object, empty when it is gone
   */
  public record Tip(
      long sequence,
      long revision,
      long createdRevision,
      Hash hash,
      String uid,
      Optional<StoredVersion> live) {}

  @Override
  public ResourceName resource() {
    return resource;
  }

  @Override
  public Snapshot snapshot() {
    return snapshot;
  }

  /** Where an entity stands; empty when it never had an event. */
  public Optional<Tip> tip(String entity) {
    ObjectKey key = ObjectKey.parse(entity);
    while (true) {
      ViewSnapshot now = snapshot;
      Optional<StoredVersion> live = now.version(key);
      if (live.isPresent()) {
        return live.map(LedgerView::tipOf);
      }
      Tip last = gone.get(pathOf(entity));
      if (last != null) {
        return Optional.of(last);
      }
      if (now == snapshot) {
        return Optional.empty();
      }
      // It came to life between the two looks.
    }
  }

  private static Tip tipOf(StoredVersion live) {
    return new Tip(
        live.sequence(),
        live.revision(),
        live.createdRevision(),
        live.hash(),
        live.uid(),
        Optional.of(live));
  }

  /** An entity's id without the resource. */
  private String pathOf(String entity) {
    return entity.substring(prefixLength);
  }

  /** Begins with the state at {@code revision}. For an empty view only. */
  public synchronized void reset(long revision, Map<String, Tip> state) {
    gone.clear();
    List<StoredVersion> live = new ArrayList<>(state.size());
    long bytes = 0;
    for (Map.Entry<String, Tip> entry : state.entrySet()) {
      Tip tip = entry.getValue();
      if (tip.live().isPresent()) {
        live.add(tip.live().get());
      } else {
        gone.put(pathOf(entry.getKey()), tip);
      }
      bytes += bytesOf(tip);
    }
    snapshot = ViewSnapshot.of(revision, live);
    heldBytes.add(bytes - held);
    held = bytes;
    recent.clear();
    recentBytes = 0;
    recentAfter = revision;
  }

  /**
   * Makes changes visible, then tells subscribers. Changes come in order of revision.
   *
   * @param changed the entities' new tips
   */
  public void publish(List<Change> changes, Map<String, Tip> changed) {
    ViewSnapshot next = snapshot;
    for (Change change : changes) {
      StoredVersion version = (StoredVersion) change.object();
      next = change.type() == Change.Type.DELETED ? next.without(version) : next.with(version);
    }
    synchronized (this) {
      count(changed);
      // Readers look at the snapshot first: what leaves it must be among the gone before, and the
      // other way round.
      changed.forEach(
          (entity, tip) -> {
            if (tip.live().isEmpty()) {
              gone.put(pathOf(entity), tip);
            }
          });
      snapshot = next;
      changed.forEach(
          (entity, tip) -> {
            if (tip.live().isPresent()) {
              gone.remove(pathOf(entity));
            }
          });
      for (Change change : changes) {
        remember(change);
      }
      for (Subscriber subscriber : subscribers) {
        changes.forEach(subscriber.listener::onChange);
      }
    }
  }

  private void count(Map<String, Tip> changed) {
    long more = 0;
    for (Map.Entry<String, Tip> entry : changed.entrySet()) {
      more += bytesOf(entry.getValue()) - tip(entry.getKey()).map(LedgerView::bytesOf).orElse(0L);
    }
    held += more;
    heldBytes.add(more);
  }

  private static long bytesOf(Tip tip) {
    return HeldBytes.EACH + tip.live().map(version -> version.json().length).orElse(0);
  }

  @Override
  public synchronized Subscription subscribe(long revision, Listener listener) {
    if (revision < recentAfter) {
      throw expired(revision);
    }
    for (Change change : recent) {
      if (change.revision() > revision) {
        listener.onChange(change);
      }
    }
    Subscriber subscriber = new Subscriber(listener);
    subscribers.add(subscriber);
    return () -> subscribers.remove(subscriber);
  }

  private synchronized RevisionExpiredException expired(long revision) {
    return new RevisionExpiredException(
        "too old resource version: " + revision + " (" + recentAfter + ")");
  }

  @Override
  public CompletionStage<PastPage> changesAfter(long revision, Scope scope) {
    return archive.serves(revision, scope)
        ? archive.changesAfter(revision, scope, () -> snapshot.revision())
        : CompletableFuture.failedFuture(expired(revision));
  }

  @Override
  public CompletionStage<Snapshot> at(long revision) {
    ViewSnapshot now;
    Map<String, Optional<StoredVersion>> before = new HashMap<>();
    Map<String, Tip> changed = new HashMap<>();
    synchronized (this) {
      now = snapshot;
      if (revision > now.revision()) {
        return CompletableFuture.failedFuture(expired(revision));
      }
      if (revision >= recentAfter) {
        for (Change change : recent) {
          if (change.revision() > revision) {
            before.putIfAbsent(
                change.object().key().entityId(), change.previous().map(StoredVersion.class::cast));
          }
        }
        return CompletableFuture.completedFuture(now.asItWas(revision, before));
      }
      gone.forEach(
          (path, tip) -> {
            if (tip.revision() > revision && changed.size() <= CHANGED_MAX) {
              changed.put(resource + "/" + path, tip);
            }
          });
    }
    if (!archive.serves(revision, Scope.ALL)) {
      return CompletableFuture.failedFuture(expired(revision));
    }
    for (StoredVersion version : now.versions()) {
      if (version.revision() > revision && changed.size() <= CHANGED_MAX) {
        changed.put(version.key().entityId(), tipOf(version));
      }
    }
    if (changed.size() > CHANGED_MAX) {
      return CompletableFuture.failedFuture(
          new RevisionExpiredException(
              "too old resource version: " + revision + ": too many objects changed since"));
    }
    return archive.statesAt(revision, changed).thenApply(states -> now.asItWas(revision, states));
  }

  /** Number of subscriptions, for metrics. */
  public int subscriberCount() {
    return subscribers.size();
  }

  private void remember(Change change) {
    recent.addLast(change);
    recentBytes += change.object().json().length;
    while (recent.size() > limits.changesMax() || recentBytes > limits.bytesMax()) {
      Change dropped = recent.removeFirst();
      recentBytes -= dropped.object().json().length;
      recentAfter = dropped.revision();
    }
  }

  private static final class Subscriber {
    private final Listener listener;

    private Subscriber(Listener listener) {
      this.listener = listener;
    }
  }
}
