package dev.ensemble.actors.view;

import dev.ensemble.core.object.ObjectKey;
import dev.ensemble.core.object.ResourceName;
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
  /** Lookups compare namespaces and names only. */
  private static final ResourceName ANY = new ResourceName("", "any");

  /** Before and after every name: those are of letters, digits, dots, dashes and colons. */
  private static final String FIRST_NAME = "\0";

  private static final String LAST_NAME = "\uffff";

  private final long revision;
  private final TreePMap<ObjectKey, StoredVersion> objects;
  private final Indexes indexes;

  private ViewSnapshot(long revision, TreePMap<ObjectKey, StoredVersion> objects, Indexes indexes) {
    this.revision = revision;
    this.objects = objects;
    this.indexes = indexes;
  }

  static ViewSnapshot of(long revision, Collection<StoredVersion> versions) {
    TreeMap<ObjectKey, StoredVersion> sorted = new TreeMap<>(ViewSnapshot::comparePaths);
    Indexes indexes = Indexes.EMPTY;
    for (StoredVersion version : versions) {
      sorted.put(version.key(), version);
      indexes = indexes.plus(version);
    }
    return new ViewSnapshot(revision, TreePMap.fromSortedMap(sorted), indexes);
  }

  ViewSnapshot with(StoredVersion version) {
    StoredVersion before = objects.get(version.key());
    Indexes next = indexes;
    if (before == null) {
      next = indexes.plus(version);
    } else if (!sameIndexed(before, version)) {
      next = indexes.minus(before).plus(version);
    }
    return new ViewSnapshot(version.revision(), objects.plus(version.key(), version), next);
  }

  ViewSnapshot without(StoredVersion removed) {
    return new ViewSnapshot(
        removed.revision(), objects.minus(removed.key()), indexes.minus(removed));
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
    return isPart(namespace) && isPart(name) && !name.isEmpty()
        ? Optional.ofNullable(objects.get(key(namespace, name)))
        : Optional.empty();
  }

  @Override
  public Iterable<StoredObject> all() {
    return asStored(objects.values());
  }

  @Override
  public Iterable<StoredObject> inNamespace(String namespace) {
    if (!isPart(namespace)) {
      return List.of();
    }
    return asStored(
        objects.subMap(key(namespace, FIRST_NAME), true, key(namespace, LAST_NAME), true).values());
  }

  @Override
  public Iterable<StoredObject> after(String namespace, String name) {
    if (!isPart(namespace) || !isPart(name)) {
      throw new IllegalArgumentException("not a place in a list: " + namespace + "/" + name);
    }
    return asStored(
        objects.tailMap(key(namespace, name.isEmpty() ? FIRST_NAME : name), false).values());
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

  Collection<StoredVersion> versions() {
    return objects.values();
  }

  Optional<StoredVersion> version(ObjectKey key) {
    return Optional.ofNullable(objects.get(key));
  }

  private Iterable<StoredObject> resolve(TreePSet<ObjectKey> keys) {
    return keys == null
        ? List.of()
        : keys.stream().map(key -> (StoredObject) objects.get(key)).collect(Collectors.toList());
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

  /** Whether it can stand on one side of the slash. */
  private static boolean isPart(String text) {
    return text.indexOf('/') < 0;
  }

  private static ObjectKey key(String namespace, String name) {
    return new ObjectKey(ANY, namespace, name);
  }

  /** The order of {@code namespace/name} as text, without making that text for each object. */
  static int comparePaths(ObjectKey one, ObjectKey other) {
    String left = one.namespace();
    String right = other.namespace();
    if (left.equals(right)) {
      return one.name().compareTo(other.name());
    }
    int common = Math.min(left.length(), right.length());
    for (int i = 0; i < common; i++) {
      if (left.charAt(i) != right.charAt(i)) {
        return left.charAt(i) - right.charAt(i);
      }
    }
    return left.length() < right.length() ? '/' - right.charAt(common) : left.charAt(common) - '/';
  }

  private static String labelPath(String namespace, String label, String value) {
    return namespace + "/" + label + "=" + value;
  }

  private record Indexes(
      HashPMap<String, TreePSet<ObjectKey>> byOwner,
      HashPMap<String, TreePSet<ObjectKey>> byNode,
      HashPMap<String, TreePSet<ObjectKey>> byLabel) {
    static final Indexes EMPTY =
        new Indexes(HashTreePMap.empty(), HashTreePMap.empty(), HashTreePMap.empty());

    Indexes plus(StoredVersion version) {
      ObjectKey key = version.key();
      HashPMap<String, TreePSet<ObjectKey>> owners = byOwner;
      for (String owner : version.owners()) {
        owners = add(owners, owner, key);
      }
      HashPMap<String, TreePSet<ObjectKey>> labels = byLabel;
      for (Map.Entry<String, String> label : version.labels().entrySet()) {
        labels =
            add(
                labels,
                labelPath(version.key().namespace(), label.getKey(), label.getValue()),
                key);
      }
      return new Indexes(
          owners, version.node().isEmpty() ? byNode : add(byNode, version.node(), key), labels);
    }

    Indexes minus(StoredVersion version) {
      ObjectKey key = version.key();
      HashPMap<String, TreePSet<ObjectKey>> owners = byOwner;
      for (String owner : version.owners()) {
        owners = remove(owners, owner, key);
      }
      HashPMap<String, TreePSet<ObjectKey>> labels = byLabel;
      for (Map.Entry<String, String> label : version.labels().entrySet()) {
        labels =
            remove(
                labels,
                labelPath(version.key().namespace(), label.getKey(), label.getValue()),
                key);
      }
      return new Indexes(
          owners, version.node().isEmpty() ? byNode : remove(byNode, version.node(), key), labels);
    }

    private static HashPMap<String, TreePSet<ObjectKey>> add(
        HashPMap<String, TreePSet<ObjectKey>> index, String value, ObjectKey key) {
      TreePSet<ObjectKey> keys = index.get(value);
      return index.plus(
          value,
          keys == null ? TreePSet.singleton(ViewSnapshot::comparePaths, key) : keys.plus(key));
    }

    private static HashPMap<String, TreePSet<ObjectKey>> remove(
        HashPMap<String, TreePSet<ObjectKey>> index, String value, ObjectKey key) {
      TreePSet<ObjectKey> keys = index.get(value);
      if (keys == null) {
        return index;
      }
      TreePSet<ObjectKey> rest = keys.minus(key);
      return rest.isEmpty() ? index.minus(value) : index.plus(value, rest);
    }
  }
}
