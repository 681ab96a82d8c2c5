package dev.ensemble.actors.view;

import dev.ensemble.core.object.ResourceName;
import dev.ensemble.persistence.format.Hash;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
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
  private final Limits limits;
  private final Archive archive;
  private final Map<String, Tip> tips = new ConcurrentHashMap<>();
  private final List<Subscriber> subscribers = new CopyOnWriteArrayList<>();
  private volatile ViewSnapshot snapshot = ViewSnapshot.of(0, List.of());

  // Guarded by this: recent changes, so that a watch can begin in the past.
  private final ArrayDeque<Change> recent = new ArrayDeque<>();
  private long recentBytes;
  private long recentAfter;

  /** A view that knows nothing but what it holds. */
  public LedgerView(ResourceName resource, Limits limits) {
    this(resource, limits, Archive.NONE);
  }

  public LedgerView(ResourceName resource, Limits limits, Archive archive) {
    this.resource = resource;
    this.limits = limits;
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
    return Optional.ofNullable(tips.get(entity));
  }

  /** Begins with the state at {@code revision}. For an empty view only. */
  public synchronized void reset(long revision, Map<String, Tip> state) {
    tips.clear();
    tips.putAll(state);
    Collection<StoredVersion> live = new ArrayList<>();
    state.values().forEach(tip -> tip.live().ifPresent(live::add));
    snapshot = ViewSnapshot.of(revision, live);
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
      tips.putAll(changed);
      snapshot = next;
      for (Change change : changes) {
        remember(change);
      }
      for (Subscriber subscriber : subscribers) {
        changes.forEach(subscriber.listener::onChange);
      }
    }
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
    }
    if (!archive.serves(revision, Scope.ALL)) {
      return CompletableFuture.failedFuture(expired(revision));
    }
    // Tips may be newer than the snapshot: what has not changed by now had not changed then either.
    Map<String, Tip> changed = new HashMap<>();
    tips.forEach(
        (entity, tip) -> {
          if (tip.revision() > revision && changed.size() <= CHANGED_MAX) {
            changed.put(entity, tip);
          }
        });
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
