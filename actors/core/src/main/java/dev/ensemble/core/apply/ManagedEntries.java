package dev.ensemble.core.apply;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ensemble.core.apply.ManagedEntry.Trust;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** All entries of one object's managedFields, and what happens to them together. */
record ManagedEntries(List<ManagedEntry> entries) {
  static final ManagedEntries NONE = new ManagedEntries(List.of());

  /** Above this many updaters the oldest are merged into one. */
  static final int UPDATERS_MAX = 10;

  private static final String ANCIENT = "ancient-changes";

  /**
   * Fields that nobody owns: identity, and what only the server writes. Removed as members, so that
   * other fields of metadata stay.
   */
  private static final FieldSet UNTRACKED = untracked();

  private static FieldSet untracked() {
    FieldSetBuilder builder = new FieldSetBuilder();
    for (String name : List.of("apiVersion", "kind", "metadata")) {
      FieldPath path = new FieldPath();
      path.field(name);
      builder.insert(path);
    }
    for (String name :
        List.of(
            "name",
            "namespace",
            "creationTimestamp",
            "deletionTimestamp",
            "deletionGracePeriodSeconds",
            "selfLink",
            "uid",
            "clusterName",
            "generation",
            "managedFields",
            "resourceVersion")) {
      FieldPath path = new FieldPath();
      path.field("metadata");
      path.field(name);
      builder.insert(path);
    }
    return FieldSet.of(builder);
  }

  static FieldSet tracked(FieldSet fields) {
    return fields.difference(UNTRACKED);
  }

  /** Empty if one of the entries cannot be read. */
  static Optional<ManagedEntries> decode(JsonNode managedFields, Trust trust) {
    List<ManagedEntry> entries = new ArrayList<>(managedFields.size());
    for (JsonNode json : managedFields) {
      Optional<ManagedEntry> entry = ManagedEntry.decode(json, trust);
      if (entry.isEmpty()) {
        return Optional.empty();
      }
      entries.removeIf(entry.get()::sameOwner);
      entries.add(entry.get());
    }
    return Optional.of(new ManagedEntries(entries));
  }

  ArrayNode encode() {
    ArrayNode json = JsonNodeFactory.instance.arrayNode(entries.size());
    entries.stream()
        .sorted(ManagedEntry.PUBLISHED_ORDER)
        .forEach(entry -> json.add(entry.encode()));
    return json;
  }

  boolean isEmpty() {
    return entries.isEmpty();
  }

  Optional<ManagedEntry> find(FieldOwner owner, String operation) {
    return entries.stream().filter(entry -> entry.belongsTo(owner, operation)).findFirst();
  }

  FieldSet owned() {
    FieldSet all = FieldSet.EMPTY;
    for (ManagedEntry entry : entries) {
      all = all.union(entry.fields());
    }
    return all;
  }

  /** With this entry in the place of its owner's former one; without it if it owns nothing. */
  ManagedEntries with(ManagedEntry changed) {
    List<ManagedEntry> result = new ArrayList<>(entries);
    result.removeIf(changed::sameOwner);
    if (!changed.fields().isEmpty()) {
      result.add(changed.withFields(changed.fields().sorted()));
    }
    return new ManagedEntries(result);
  }

  /** Everybody but {@code except} loses what was changed or removed; who owns nothing goes. */
  ManagedEntries losing(Comparison change, Optional<ManagedEntry> except) {
    FieldSet lost = change.set();
    List<ManagedEntry> result = new ArrayList<>(entries.size());
    for (ManagedEntry entry : entries) {
      if (except.isPresent() && except.get().sameOwner(entry)) {
        result.add(entry);
        continue;
      }
      FieldSet left = entry.fields().difference(lost).difference(change.removed());
      if (!left.isEmpty()) {
        result.add(entry.withFields(left));
      }
    }
    return new ManagedEntries(result);
  }

  /** The conflicts of a change by the applier, in order of entries. */
  List<Conflict> conflicts(Comparison change, ManagedEntry applier) {
    FieldSet changed = change.set();
    List<Conflict> conflicts = new ArrayList<>();
    for (ManagedEntry entry : entries) {
      if (!applier.sameOwner(entry)) {
        for (String field : entry.fields().intersection(changed).paths()) {
          conflicts.add(
              new Conflict(
                  entry.manager(),
                  entry.operation(),
                  entry.apiVersion(),
                  entry.subresource(),
                  entry.time(),
                  field));
        }
      }
    }
    return conflicts;
  }

  /** Merges the oldest updaters, by API version, until there are no more than allowed. */
  ManagedEntries capped() {
    List<ManagedEntry> updaters =
        new ArrayList<>(entries.stream().filter(entry -> !entry.isApply()).toList());
    if (updaters.size() <= UPDATERS_MAX) {
      return this;
    }
    updaters.sort(
        Comparator.comparing((ManagedEntry entry) -> entry.time().orElse(""))
            .thenComparing(ManagedEntry.PUBLISHED_ORDER));
    List<ManagedEntry> result = new ArrayList<>(entries);
    Map<String, ManagedEntry> oldest = new HashMap<>();
    int left = updaters.size();
    for (ManagedEntry entry : updaters) {
      if (left <= UPDATERS_MAX) {
        break;
      }
      ManagedEntry first = oldest.putIfAbsent(entry.apiVersion(), entry);
      if (first != null) {
        result.removeIf(other -> other.sameOwner(first) || other.sameOwner(entry));
        ManagedEntry bucket = ancient(result, first, entry);
        result.removeIf(bucket::sameOwner);
        result.add(bucket);
        oldest.put(entry.apiVersion(), bucket);
        left--;
      }
    }
    return new ManagedEntries(result);
  }

  private static ManagedEntry ancient(
      List<ManagedEntry> others, ManagedEntry older, ManagedEntry newer) {
    FieldOwner owner = FieldOwner.of(ANCIENT, newer.apiVersion());
    FieldSet fields = older.fields().union(newer.fields());
    for (ManagedEntry other : others) {
      if (other.belongsTo(owner, ManagedEntry.UPDATE)) {
        fields = fields.union(other.fields());
      }
    }
    return new ManagedEntry(
        ANCIENT, ManagedEntry.UPDATE, newer.apiVersion(), "", newer.time(), fields.sorted());
  }

  /** Each entry with the time of the entry that its owner had in {@code former}, if it had one. */
  ManagedEntries withTimesOf(ManagedEntries former) {
    return new ManagedEntries(
        entries.stream()
            .map(
                entry ->
                    former.entries.stream()
                        .filter(entry::sameOwner)
                        .findFirst()
                        .map(old -> entry.withTime(old.time()))
                        .orElse(entry))
            .toList());
  }

  /** Whether both say the same, times aside. */
  static boolean equalButTimes(JsonNode left, JsonNode right) {
    if (left.size() != right.size()) {
      return false;
    }
    for (int i = 0; i < left.size(); i++) {
      if (!untimed(left.get(i)).equals(untimed(right.get(i)))) {
        return false;
      }
    }
    return true;
  }

  private static JsonNode untimed(JsonNode entry) {
    return entry instanceof ObjectNode object && object.has("time")
        ? ((ObjectNode) JsonNodeFactory.instance.objectNode().setAll(object)).without("time")
        : entry;
  }
}
