package dev.ensemble.actors.view;

import dev.ensemble.core.object.ObjectKey;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.pcollections.HashPMap;
import org.pcollections.HashTreePMap;
import org.pcollections.TreePMap;
import org.pcollections.TreePSet;

/**
 * A snapshot on persistent maps: a change shares all but a few nodes with the snapshot before it.
 * Indexes hold keys, so a new version of an object with the same labels, owners and node leaves
 * them as they are.
 */
final class ViewSnapshot implements Snapshot {
  private final long revision;
  private final TreePMap<String, StoredVersion> objects;
  private final Indexes indexes;

  private ViewSnapshot(long revision, TreePMap<String, StoredVersion> objects, Indexes indexes) {
    this.revision = revision;
    this.objects = objects;
    this.indexes = indexes;
  }

  static ViewSnapshot of(long revision, Collection<StoredVersion> versions) {
    TreeMap<String, StoredVersion> sorted = new TreeMap<>();
    Indexes indexes = Indexes.EMPTY;
    for (StoredVersion version : versions) {
      sorted.put(path(version.key()), version);
      indexes = indexes.plus(version);
    }
    return new ViewSnapshot(revision, TreePMap.fromSortedMap(sorted), indexes);
  }

  ViewSnapshot with(StoredVersion version) {
    String path = path(version.key());
    StoredVersion before = objects.get(path);
    Indexes next = indexes;
    if (before == null) {
      next = indexes.plus(version);
    } else if (!sameIndexed(before, version)) {
      next = indexes.minus(before).plus(version);
    }
    return new ViewSnapshot(version.revision(), objects.plus(path, version), next);
  }

  ViewSnapshot without(StoredVersion removed) {
    return new ViewSnapshot(
        removed.revision(), objects.minus(path(removed.key())), indexes.minus(removed));
  }

  /**
   * This snapshot with some objects as they were before.
   *
   * @param before by entity id; empty where there was none
   */
  ViewSnapshot asItWas(long past, Map<String, Optional<StoredVersion>> before) {
    ViewSnapshot was = this;
    for (Map.Entry<String, Optional<StoredVersion>> entry : before.entrySet()) {
      Optional<StoredVersion> now = version(ObjectKey.parse(entry.getKey()));
      if (entry.getValue().isPresent()) {
        was = was.with(entry.getValue().get());
      } else if (now.isPresent()) {
        was = was.without(now.get());
      }
    }
    return new ViewSnapshot(past, was.objects, was.indexes);
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
    return asStored(objects.values());
  }

  @Override
  public Iterable<StoredObject> inNamespace(String namespace) {
    // '0' follows '/': the range holds exactly the paths that begin with "namespace/".
    return asStored(objects.subMap(namespace + "/", true, namespace + "0", false).values());
  }

  @Override
  public Iterable<StoredObject> after(String namespace, String name) {
    return asStored(objects.tailMap(namespace + "/" + name, false).values());
  }

  @Override
  public Iterable<StoredObject> ownedBy(String uid) {
    return resolve(indexes.byOwner.get(uid));
  }

  @Override
  public Iterable<StoredObject> onNode(String node) {
    return resolve(indexes.byNode.get(node));
  }

  @Override
  public Iterable<StoredObject> labelled(String namespace, String label, String value) {
    return resolve(indexes.byLabel.get(labelPath(namespace, label, value)));
  }

  Optional<StoredVersion> version(ObjectKey key) {
    return Optional.ofNullable(objects.get(path(key)));
  }

  private Iterable<StoredObject> resolve(TreePSet<String> paths) {
    return paths == null
        ? List.of()
        : paths.stream().map(path -> (StoredObject) objects.get(path)).collect(Collectors.toList());
  }

  @SuppressWarnings("unchecked") // read-only: a StoredVersion is a StoredObject
  private static Iterable<StoredObject> asStored(Collection<StoredVersion> versions) {
    return (Iterable<StoredObject>) (Iterable<?>) versions;
  }

  private static boolean sameIndexed(StoredVersion one, StoredVersion other) {
    return one.node().equals(other.node())
        && one.owners().equals(other.owners())
        && one.labels().equals(other.labels());
  }

  private static String path(ObjectKey key) {
    return key.namespace() + "/" + key.name();
  }

  private static String labelPath(String namespace, String label, String value) {
    return namespace + "/" + label + "=" + value;
  }

  private record Indexes(
      HashPMap<String, TreePSet<String>> byOwner,
      HashPMap<String, TreePSet<String>> byNode,
      HashPMap<String, TreePSet<String>> byLabel) {
    static final Indexes EMPTY =
        new Indexes(HashTreePMap.empty(), HashTreePMap.empty(), HashTreePMap.empty());

    Indexes plus(StoredVersion version) {
      String path = path(version.key());
      HashPMap<String, TreePSet<String>> owners = byOwner;
      for (String owner : version.owners()) {
        owners = add(owners, owner, path);
      }
      HashPMap<String, TreePSet<String>> labels = byLabel;
      for (Map.Entry<String, String> label : version.labels().entrySet()) {
        labels =
            add(
                labels,
                labelPath(version.key().namespace(), label.getKey(), label.getValue()),
                path);
      }
      return new Indexes(
          owners, version.node().isEmpty() ? byNode : add(byNode, version.node(), path), labels);
    }

    Indexes minus(StoredVersion version) {
      String path = path(version.key());
      HashPMap<String, TreePSet<String>> owners = byOwner;
      for (String owner : version.owners()) {
        owners = remove(owners, owner, path);
      }
      HashPMap<String, TreePSet<String>> labels = byLabel;
      for (Map.Entry<String, String> label : version.labels().entrySet()) {
        labels =
            remove(
                labels,
                labelPath(version.key().namespace(), label.getKey(), label.getValue()),
                path);
      }
      return new Indexes(
          owners, version.node().isEmpty() ? byNode : remove(byNode, version.node(), path), labels);
    }

    private static HashPMap<String, TreePSet<String>> add(
        HashPMap<String, TreePSet<String>> index, String value, String path) {
      TreePSet<String> paths = index.get(value);
      return index.plus(value, paths == null ? TreePSet.singleton(path) : paths.plus(path));
    }

    private static HashPMap<String, TreePSet<String>> remove(
        HashPMap<String, TreePSet<String>> index, String value, String path) {
      TreePSet<String> paths = index.get(value);
      if (paths == null) {
        return index;
      }
      TreePSet<String> rest = paths.minus(path);
      return rest.isEmpty() ? index.minus(value) : index.plus(value, rest);
    }
  }
}
