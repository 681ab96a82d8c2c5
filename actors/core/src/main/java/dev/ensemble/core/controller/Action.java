package dev.ensemble.core.controller;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ensemble.core.entity.ObjectCommand;
import dev.ensemble.core.object.ObjectKey;
import dev.ensemble.core.object.ResourceName;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * One thing that a controller wants done. Actions of a plan are carried out in order; neighbours of
 * the same type may run at the same time. When one fails the rest of the plan is dropped, and the
 * next pass decides anew.
 */
public sealed interface Action {
  /**
   * Makes an object. It has {@code metadata.name} or {@code metadata.generateName}; uid, creation
   * time, defaults and admission are added on the way.
   */
  record Create(ResourceName resource, ObjectNode object, Optional<Announcement> announcement)
      implements Action {}

  /**
   * Merges {@code patch} (RFC 7386) into exactly the version that the view showed: any change in
   * between is a conflict.
   */
  record Edit(ObjectKey key, String uid, long revision, ObjectNode patch) implements Action {}

  /** Merges {@code patch} (RFC 7386) into whatever the object is by then. */
  record Amend(ObjectKey key, String uid, ObjectNode patch) implements Action {}

  /** Sets {@code status} as a whole. */
  record ReportStatus(ObjectKey key, String uid, ObjectNode status) implements Action {}

  /** Sets {@code spec.replicas}. */
  record Scale(ObjectKey key, String uid, int replicas, Optional<Announcement> announcement)
      implements Action {}

  /** Asks for deletion; {@code graceSeconds} empty means the kind's default. */
  record Delete(
      ObjectKey key,
      String uid,
      OptionalLong graceSeconds,
      ObjectCommand.Propagation propagation,
      Optional<Announcement> announcement)
      implements Action {
    /** A deletion with the kind's own grace that nobody is told about. */
    public static Delete of(ObjectKey key, String uid) {
      return new Delete(
          key, uid, OptionalLong.empty(), ObjectCommand.Propagation.BACKGROUND, Optional.empty());
    }
  }

  /** Records an Event and changes nothing else. */
  record Announce(Note note) implements Action {}
}
