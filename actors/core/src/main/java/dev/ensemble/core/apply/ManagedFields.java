package dev.ensemble.core.apply;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ensemble.core.apply.ManagedEntry.Trust;
import dev.ensemble.core.json.JsonDepth;
import dev.ensemble.core.json.JsonEquality;
import dev.ensemble.core.schema.Schema;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/** Keeps {@code metadata.managedFields} through creates, updates and patches that are no apply. */
public final class ManagedFields {
  private static final String METADATA = "metadata";
  private static final String MANAGED_FIELDS = "managedFields";

  private ManagedFields() {}

  /** As {@link #afterUpdate(Optional, ObjectNode, FieldOwner, Instant, Tracking)}, as usual. */
  public static ObjectNode afterUpdate(
      Optional<ObjectNode> live,
      ObjectNode updated,
      FieldOwner owner,
      Instant now,
      Schema.Struct schema) {
    return afterUpdate(live, updated, owner, now, Tracking.of(schema, owner));
  }

  /**
   * The updated object with managedFields: the owner holds what it changed, others lose that and
   * what is gone. {@code live} is empty for a create. managedFields that the client sent count
   * unless they cannot be read or a subresource is written; {@code []} and {@code [{}]} end the
   * tracking until the next apply. An update that changes nothing keeps the entries and their
   * times.
   *
   * @param updated as it is to be stored: defaulted, with what the endpoint resets already reset
   * @return new root and metadata; everything below is shared with {@code updated}
   * @throws IllegalArgumentException if a tree is deeper than {@link JsonDepth#MAX}
   */
  public static ObjectNode afterUpdate(
      Optional<ObjectNode> live,
      ObjectNode updated,
      FieldOwner owner,
      Instant now,
      Tracking tracking) {
    JsonDepth.require(updated);
    JsonNode former = live.map(ManagedFields::of).orElseGet(MissingNode::getInstance);
    ManagedEntries managed = current(former, of(updated), owner);
    if (managed.isEmpty() && live.isPresent()) {
      return without(updated);
    }
    ObjectNode before = live.map(ManagedFields::without).orElseGet(ManagedFields::nothing);
    ObjectNode after = without(updated);
    Comparison change = Comparison.of(before, after, tracking.schema());
    ManagedEntries entries =
        change.isEmpty() ? managed : changed(managed, change, owner, now, tracking);
    return with(after, entries);
  }

  /**
   * The entries after the owner made the change. Used also for what was there before the first
   * apply.
   */
  static ManagedEntries changed(
      ManagedEntries managed, Comparison change, FieldOwner owner, Instant now, Tracking tracking) {
    ManagedEntries left =
        managed.losing(change.withoutRoots(tracking.resetFields()), Optional.empty());
    FieldSet taken = ManagedEntries.tracked(change.set().withoutRoots(tracking.resetFields()));
    if (taken.isEmpty()) {
      return left.capped();
    }
    FieldSet owned =
        left.find(owner, ManagedEntry.UPDATE)
            .map(previous -> previous.fields().union(taken))
            .orElse(taken);
    return left.with(ManagedEntry.of(owner, ManagedEntry.UPDATE, time(now), owned)).capped();
  }

  /**
   * {@code object} with the times of {@code live}'s entries if nothing but times has changed, so
   * that a write without effect stays without effect; otherwise {@code object} itself. For callers
   * that change an object after managedFields were computed (defaults, admission).
   */
  public static ObjectNode keepTimes(ObjectNode live, ObjectNode object) {
    JsonNode former = of(live);
    JsonNode entries = of(object);
    if (former.isEmpty()
        || former.equals(entries)
        || !ManagedEntries.equalButTimes(former, entries)
        || !JsonEquality.equal(without(live), without(object))) {
      return object;
    }
    ObjectNode result = without(object);
    ((ObjectNode) result.get(METADATA)).set(MANAGED_FIELDS, former);
    return result;
  }

  /** Gives each entry the time that its owner's entry had, and leaves others as they are. */
  static ObjectNode keepFormerTimes(ObjectNode object, JsonNode former) {
    ManagedEntries old = ManagedEntries.decode(former, Trust.OWN).orElse(ManagedEntries.NONE);
    return ManagedEntries.decode(of(object), Trust.OWN)
        .map(entries -> with(without(object), entries.withTimesOf(old)))
        .orElse(object);
  }

  private static ManagedEntries current(JsonNode former, JsonNode sent, FieldOwner owner) {
    ManagedEntries own = ManagedEntries.decode(former, Trust.OWN).orElse(ManagedEntries.NONE);
    if (!owner.subresource().isEmpty() || sent.equals(former)) {
      return own;
    }
    if (sent.isArray() && (sent.isEmpty() || (sent.size() == 1 && blank(sent.get(0))))) {
      return ManagedEntries.NONE;
    }
    return ManagedEntries.decode(sent, Trust.CLIENT)
        .filter(entries -> !entries.isEmpty())
        .orElse(own);
  }

  private static boolean blank(JsonNode entry) {
    for (JsonNode value : entry) {
      if (!value.isNull() && !value.asText("x").isEmpty()) {
        return false;
      }
    }
    return entry.isObject();
  }

  static JsonNode of(ObjectNode object) {
    return object.path(METADATA).path(MANAGED_FIELDS);
  }

  static ObjectNode nothing() {
    return JsonNodeFactory.instance.objectNode();
  }

  /** A new root and metadata without managedFields; the rest is shared. */
  static ObjectNode without(ObjectNode object) {
    ObjectNode root = nothing();
    root.setAll(object);
    if (object.get(METADATA) instanceof ObjectNode metadata) {
      ObjectNode copy = nothing();
      copy.setAll(metadata);
      copy.remove(MANAGED_FIELDS);
      root.set(METADATA, copy);
    }
    return root;
  }

  /** Sets the entries in {@code object}, whose root and metadata are the caller's own. */
  static ObjectNode with(ObjectNode object, ManagedEntries entries) {
    if (!entries.isEmpty()) {
      object.withObjectProperty(METADATA).set(MANAGED_FIELDS, entries.encode());
    }
    return object;
  }

  static String time(Instant now) {
    return now.truncatedTo(ChronoUnit.SECONDS).toString();
  }
}
