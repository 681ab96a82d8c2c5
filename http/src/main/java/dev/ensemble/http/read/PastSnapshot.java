package dev.ensemble.http.read;

import dev.ensemble.actors.view.Change;
import dev.ensemble.actors.view.Snapshot;
import dev.ensemble.actors.view.StoredObject;
import dev.ensemble.actors.view.View;
import dev.ensemble.core.object.ObjectKey;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * A view as it was at an older revision: the newest snapshot with the changes since then taken
 * back. Has no indexes: where one would choose, all of the namespace is given and the caller tests.
 */
final class PastSnapshot implements Snapshot {
  private final long revision;
  private final NavigableMap<String, StoredObject> objects;

  private PastSnapshot(long revision, NavigableMap<String, StoredObject> objects) {
    this.revision = revision;
    this.objects = objects;
  }

  /**
   * @throws dev.ensemble.actors.view.RevisionExpiredException when the changes since then are no
   *     longer held
   */
  static PastSnapshot at(View view, long revision) {
    Undoing undoing = new Undoing(view.snapshot());
    view.subscribe(revision, undoing).cancel();
    return new PastSnapshot(revision, undoing.end());
  }

  /** Takes changes back; of each object the first one after the revision tells how it was. */
  private static final class Undoing implements View.Listener {
    private final TreeMap<String, StoredObject> objects = new TreeMap<>();
    private final Set<String> undone = new HashSet<>();
    private boolean ended;

    Undoing(Snapshot newest) {
      newest.all().forEach(object -> objects.put(path(object.key()), object));
    }

    @Override
    public synchronized void onChange(Change change) {
      String path = path(change.object().key());
      if (ended || !undone.add(path)) {
        return;
      }
      if (change.previous().isPresent()) {
        objects.put(path, change.previous().get());
      } else {
        objects.remove(path);
      }
    }

    @Override
    public void onEnd() {}

    synchronized NavigableMap<String, StoredObject> end() {
      ended = true;
      return objects;
    }
  }

  @Override
  public long revision() {
    return revision;
  }

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
    // '0' follows '/': the range holds exactly the paths that begin with "namespace/".
    return objects.subMap(namespace + "/", true, namespace + "0", false).values();
  }

  @Override
  public Iterable<StoredObject> after(String namespace, String name) {
    return objects.tailMap(namespace + "/" + name, false).values();
  }

  @Override
  public Iterable<StoredObject> ownedBy(String uid) {
    List<StoredObject> owned = new ArrayList<>();
    for (StoredObject object : objects.values()) {
      object
          .tree()
          .path("metadata")
          .path("ownerReferences")
          .forEach(
              owner -> {
                if (owner.path("uid").asText().equals(uid)) {
                  owned.add(object);
                }
              });
    }
    return owned;
  }

  @Override
  public Iterable<StoredObject> onNode(String node) {
    return all();
  }

  @Override
  public Iterable<StoredObject> labelled(String namespace, String label, String value) {
    return inNamespace(namespace);
  }

  private static String path(ObjectKey key) {
    return key.namespace() + "/" + key.name();
  }
}
