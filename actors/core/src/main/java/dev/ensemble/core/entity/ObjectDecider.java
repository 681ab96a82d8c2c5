package dev.ensemble.core.entity;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ensemble.core.entity.ObjectState.Absent;
import dev.ensemble.core.entity.ObjectState.Present;
import dev.ensemble.core.json.MergePatch;
import dev.ensemble.core.object.ObjectKey;
import java.time.Instant;
import java.util.Optional;

/**
 * The rules of one object. Kinds differ in two places only: how deletion goes ({@link Deletion})
 * and what a status report means ({@link Facts}).
 */
public final class ObjectDecider {
  private static final ObjectState ABSENT = new Absent();

  private static final ObjectEvent.Cases<ObjectNode> PATCH = new PatchOf();

  private final ObjectKey key;
  private final Deletion deletion;

  public ObjectDecider(ObjectKey key) {
    this.key = key;
    this.deletion = new Deletion(key);
  }

  /**
   * Answers a command.
   *
   * @param sequence the entity's sequence number, the number of its last event
   */
  public Decision decide(ObjectState state, long sequence, ObjectCommand command, Instant now) {
    Optional<ObjectNode> current = objectOf(state);
    if (command instanceof ObjectCommand.Create create) {
      return current.isPresent()
          ? Decision.reject(new Rejection.AlreadyExists(key))
          : Decision.accept(new ObjectEvent.Created(create.object()));
    }
    if (current.isEmpty()) {
      return Decision.reject(new Rejection.NotFound(key));
    }
    return decidePresent(current.get(), sequence, command, now);
  }

  private Decision decidePresent(
      ObjectNode object, long sequence, ObjectCommand command, Instant now) {
    if (command instanceof ObjectCommand.Replace replace) {
      return replace.expectedSequence() == sequence
          ? changed(object, replace.object())
          : Decision.reject(Rejection.Conflict.modified(key));
    }
    if (command instanceof ObjectCommand.Delete delete) {
      if (delete.expectedSequence().isPresent()
          && delete.expectedSequence().getAsLong() != sequence) {
        return Decision.reject(Rejection.Conflict.modified(key));
      }
      return ifUid(object, delete.expectedUid())
          .orElseGet(() -> deletion.decide(object, delete, now));
    }
    if (command instanceof ObjectCommand.Amend amend) {
      return ifUid(object, amend.expectedUid())
          .orElseGet(() -> changed(object, MergePatch.apply(object, amend.mergePatch())));
    }
    if (command instanceof ObjectCommand.ReportStatus report) {
      return ifUid(object, report.expectedUid())
          .orElseGet(() -> changed(object, withStatus(object, report.status())));
    }
    if (command instanceof ObjectCommand.Scale scale) {
      return ifUid(object, scale.expectedUid())
          .orElseGet(() -> changed(object, scaled(object, scale.replicas())));
    }
    if (command instanceof ObjectCommand.Bind bind) {
      return ifUid(object, bind.expectedUid())
          .orElseGet(() -> Binding.decide(key, object, bind, now));
    }
    if (command instanceof ObjectCommand.ConfirmRemoved confirm) {
      return ifUid(object, Optional.of(confirm.uid()))
          .orElseGet(() -> deletion.decide(object, ObjectCommand.Delete.now(), now));
    }
    throw new IllegalStateException(
        "a command without a rule: " + command.getClass().getSimpleName());
  }

  /**
   * Folds an event into the state.
   *
   * @throws IllegalStateException when the event cannot follow that state: the journal is corrupt
   */
  public static ObjectState evolve(ObjectState state, ObjectEvent event) {
    if (event instanceof ObjectEvent.Created created) {
      if (!(state instanceof Absent)) {
        throw new IllegalStateException("object.created while the object exists");
      }
      return stateOf(created.object());
    }
    ObjectNode object =
        objectOf(state)
            .orElseThrow(
                () ->
                    new IllegalStateException(
                        event.getClass().getSimpleName() + " while there is no object"));
    if (event instanceof ObjectEvent.Removed) {
      return ABSENT;
    }
    return stateOf(MergePatch.apply(object, event.match(PATCH)));
  }

  public static ObjectState absent() {
    return ABSENT;
  }

  /** The state that an object is in by its own metadata. */
  public static ObjectState stateOf(ObjectNode object) {
    return isTerminating(object) ? new ObjectState.Terminating(object) : new Present(object);
  }

  public static Optional<ObjectNode> objectOf(ObjectState state) {
    if (state instanceof Present present) {
      return Optional.of(present.object());
    }
    if (state instanceof ObjectState.Terminating terminating) {
      return Optional.of(terminating.object());
    }
    return Optional.empty();
  }

  private Decision changed(ObjectNode before, ObjectNode after) {
    ObjectNode patch = MergePatch.diff(before, after);
    if (patch.isEmpty()) {
      return Decision.accept();
    }
    ObjectEvent fact = Facts.of(key.resource(), before, after, patch);
    return deletion.isDone(after)
        ? Decision.accept(fact, new ObjectEvent.Removed(uidOf(after)))
        : Decision.accept(fact);
  }

  private Optional<Decision> ifUid(ObjectNode object, Optional<String> expected) {
    String uid = uidOf(object);
    if (expected.isEmpty() || expected.get().equals(uid)) {
      return Optional.empty();
    }
    return Optional.of(
        Decision.reject(
            new Rejection.Conflict(
                key,
                "Precondition failed: UID in precondition: "
                    + expected.get()
                    + ", UID in object meta: "
                    + uid)));
  }

  private static ObjectNode withStatus(ObjectNode object, ObjectNode status) {
    ObjectNode after = shallowCopy(object);
    after.set("status", status);
    return after;
  }

  private static ObjectNode scaled(ObjectNode object, int replicas) {
    JsonNode spec = object.path("spec");
    if (spec.path("replicas").isInt() && spec.path("replicas").intValue() == replicas) {
      return object;
    }
    ObjectNode after = shallowCopy(object);
    after.set("spec", shallowCopy((ObjectNode) spec).put("replicas", replicas));
    ObjectNode metadata = shallowCopy((ObjectNode) object.path("metadata"));
    metadata.put("generation", metadata.path("generation").asLong(1) + 1);
    after.set("metadata", metadata);
    return after;
  }

  static ObjectNode shallowCopy(ObjectNode object) {
    ObjectNode copy = object.objectNode();
    copy.setAll(object);
    return copy;
  }

  static String uidOf(ObjectNode object) {
    return object.path("metadata").path("uid").asText();
  }

  static boolean isTerminating(ObjectNode object) {
    return object.path("metadata").has("deletionTimestamp");
  }
}
