package dev.ensemble.core.strategy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ensemble.core.object.Fields;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;

/** Metadata that only the system sets. */
public final class SystemMetadata {
  private static final List<String> SYSTEM =
      List.of(
          "uid",
          "creationTimestamp",
          "deletionTimestamp",
          "deletionGracePeriodSeconds",
          "selfLink",
          "generation");

  private SystemMetadata() {}

  static void clear(ObjectNode object) {
    Fields.ensureObject(object, "metadata").remove(SYSTEM);
  }

  /** Gives a new object its identity and its time of birth, to the second. */
  public static void birth(ObjectNode object, String uid, Instant now) {
    ObjectNode meta = Fields.ensureObject(object, "metadata");
    meta.put("uid", uid);
    meta.put("creationTimestamp", now.truncatedTo(ChronoUnit.SECONDS).toString());
  }

  /** Fields that a client may leave out or try to change keep their stored values. */
  static void keep(ObjectNode object, JsonNode old) {
    ObjectNode meta = Fields.ensureObject(object, "metadata");
    JsonNode before = old.path("metadata");
    meta.remove("selfLink");
    for (String field :
        List.of(
            "creationTimestamp", "deletionTimestamp", "deletionGracePeriodSeconds", "generation")) {
      copy(meta, before, field);
    }
    if (Fields.text(meta, "uid").isEmpty()) {
      copy(meta, before, "uid");
    }
  }

  static void grow(ObjectNode object, JsonNode old) {
    long generation = Fields.number(old.path("metadata"), "generation") + 1;
    Fields.putNumber(Fields.ensureObject(object, "metadata"), "generation", generation);
  }

  /** Makes a field what it is in another object: there with the same value, or not there. */
  static void copy(ObjectNode object, JsonNode from, String field) {
    if (from.has(field)) {
      object.set(field, from.get(field).deepCopy());
    } else {
      object.remove(field);
    }
  }
}
