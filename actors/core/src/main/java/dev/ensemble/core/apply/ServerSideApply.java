package dev.ensemble.core.apply;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ensemble.core.apply.ApplyResult.Applied;
import dev.ensemble.core.apply.ApplyResult.Conflicted;
import dev.ensemble.core.apply.ApplyResult.Invalid;
import dev.ensemble.core.apply.ManagedEntry.Trust;
import dev.ensemble.core.json.JsonDepth;
import dev.ensemble.core.json.JsonEquality;
import dev.ensemble.core.schema.Schema;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Server-side apply (KEP-555): lays an applied object over the live one, removes what the applier
 * applied before and does no longer, and says whose fields that would change.
 */
public final class ServerSideApply {
  private static final String BEFORE_FIRST_APPLY = "before-first-apply";

  private final ObjectNode before;
  private final JsonNode formerEntries;
  private final ManagedEntries managed;
  private final ObjectNode applied;
  private final FieldSet mentioned;
  private final FieldOwner owner;
  private final Instant now;
  private final Tracking tracking;

  private ServerSideApply(
      Optional<ObjectNode> live,
      ManagedEntries managed,
      ObjectNode applied,
      FieldSet mentioned,
      FieldOwner owner,
      Instant now,
      Tracking tracking) {
    this.before = live.map(ManagedFields::without).orElseGet(ManagedFields::nothing);
    this.formerEntries = live.map(ManagedFields::of).orElseGet(MissingNode::getInstance);
    this.managed = managed;
    this.applied = applied;
    this.mentioned = mentioned;
    this.owner = owner;
    this.now = now;
    this.tracking = tracking;
  }

  /** As {@link #apply(Optional, ObjectNode, FieldOwner, ConflictPolicy, Instant, Tracking)}. */
  public static ApplyResult apply(
      Optional<ObjectNode> live,
      ObjectNode applied,
      FieldOwner owner,
      ConflictPolicy policy,
      Instant now,
      Schema.Struct schema) {
    return apply(live, applied, owner, policy, now, Tracking.of(schema, owner));
  }

  /**
   * Applies. {@code live} is empty if there is no such object yet. {@code applied} is what the
   * client sent, not defaulted: all that it mentions the owner comes to own. Names, versions other
   * than the owner's and preconditions (uid, resourceVersion) are the caller's to check. An apply
   * that changes nothing keeps the times of the entries.
   */
  public static ApplyResult apply(
      Optional<ObjectNode> live,
      ObjectNode applied,
      FieldOwner owner,
      ConflictPolicy policy,
      Instant now,
      Tracking tracking) {
    Optional<Invalid> refusal = refusal(live, applied, owner);
    if (refusal.isPresent()) {
      return refusal.get();
    }
    JsonNode former = live.map(ManagedFields::of).orElseGet(MissingNode::getInstance);
    Optional<ManagedEntries> managed = ManagedEntries.decode(former, Trust.OWN);
    if (managed.isEmpty()) {
      return new Invalid(ApplyResult.Kind.UNTYPED, "failed to decode managed fields");
    }
    FieldSet mentioned;
    try {
      mentioned = OwnedFields.ofApplied(applied, tracking.schema());
    } catch (UntypedException untyped) {
      return new Invalid(
          ApplyResult.Kind.UNTYPED,
          "failed to create typed patch object (" + name(applied) + "): " + untyped.getMessage());
    }
    ManagedEntries entries = managed.get();
    if (entries.isEmpty() && live.isPresent()) {
      entries = beforeFirstApply(live.get(), owner, now, tracking);
    }
    return new ServerSideApply(live, entries, applied, mentioned, owner, now, tracking).run(policy);
  }

  private static Optional<Invalid> refusal(
      Optional<ObjectNode> live, ObjectNode applied, FieldOwner owner) {
    if (JsonDepth.exceeded(applied) || live.map(JsonDepth::exceeded).orElse(false)) {
      return badRequest("nested deeper than " + JsonDepth.MAX + " levels");
    }
    String version = applied.path("apiVersion").asText();
    if (!version.equals(owner.apiVersion())) {
      return badRequest(
          "Incorrect version specified in apply patch. Specified patch version: "
              + version
              + ", expected: "
              + owner.apiVersion());
    }
    JsonNode managedFields = ManagedFields.of(applied);
    if (!managedFields.isMissingNode() && !managedFields.isNull()) {
      return badRequest("metadata.managedFields must be nil");
    }
    return Optional.empty();
  }

  private static Optional<Invalid> badRequest(String message) {
    return Optional.of(new Invalid(ApplyResult.Kind.BAD_REQUEST, message));
  }

  private static String name(ObjectNode applied) {
    JsonNode metadata = applied.path("metadata");
    return metadata.path("namespace").asText()
        + "/"
        + metadata.path("name").asText()
        + "; "
        + applied.path("apiVersion").asText()
        + ", Kind="
        + applied.path("kind").asText();
  }

  private static ManagedEntries beforeFirstApply(
      ObjectNode live, FieldOwner owner, Instant now, Tracking tracking) {
    FieldOwner unknown =
        new FieldOwner(BEFORE_FIRST_APPLY, owner.apiVersion(), owner.subresource());
    Comparison all =
        Comparison.of(ManagedFields.nothing(), ManagedFields.without(live), tracking.schema());
    return ManagedFields.changed(ManagedEntries.NONE, all, unknown, now, tracking);
  }

  private ApplyResult run(ConflictPolicy policy) {
    ApplyResult result = attempt(policy);
    if (!owner.name().equals(LastApplied.KUBECTL)) {
      return result;
    }
    if (result instanceof Conflicted conflicted) {
      result = withoutOwnConflicts(conflicted);
    }
    if (result instanceof Applied done) {
      LastApplied.refresh(done.object(), applied);
      return new Applied(keepingTimes(done.object()));
    }
    return result;
  }

  private ApplyResult withoutOwnConflicts(Conflicted conflicted) {
    Optional<FieldSet> own = LastApplied.unchanged(before, owner.apiVersion(), tracking.schema());
    if (own.isEmpty()) {
      return conflicted;
    }
    Set<String> allowed = Set.copyOf(own.get().paths());
    List<Conflict> left =
        conflicted.conflicts().stream()
            .filter(conflict -> !allowed.contains(conflict.field()))
            .toList();
    return left.isEmpty() ? attempt(ConflictPolicy.FORCE) : new Conflicted(left);
  }

  private ApplyResult attempt(ConflictPolicy policy) {
    Optional<ManagedEntry> last = managed.find(owner, ManagedEntry.APPLY);
    FieldSet claimed = mentioned.withoutRoots(tracking.resetFields());
    String time = ManagedFields.time(now);
    ManagedEntry mine = ManagedEntry.of(owner, ManagedEntry.APPLY, time, claimed);
    ObjectNode result =
        Pruning.prune(
            Merging.merge(before, applied, tracking.schema()),
            last.map(ManagedEntry::fields).orElse(FieldSet.EMPTY),
            managed.with(mine).owned().union(OwnedFields.mentionedBy(applied, tracking.schema())),
            tracking.schema());
    Comparison change =
        Comparison.of(before, result, tracking.schema()).withoutRoots(tracking.resetFields());
    List<Conflict> conflicts = managed.conflicts(change, mine);
    if (policy == ConflictPolicy.REFUSE && !conflicts.isEmpty()) {
      return new Conflicted(conflicts);
    }
    ManagedEntries entries =
        managed
            .losing(change, Optional.of(mine))
            .with(mine.withFields(ManagedEntries.tracked(claimed)));
    return new Applied(keepingTimes(ManagedFields.with(result, entries)));
  }

  /** An apply whose object stays as it was is no new write of the applier. */
  private ObjectNode keepingTimes(ObjectNode result) {
    if (formerEntries.isMissingNode()
        || !JsonEquality.equal(before, ManagedFields.without(result))) {
      return result;
    }
    return ManagedFields.keepFormerTimes(result, formerEntries);
  }
}
