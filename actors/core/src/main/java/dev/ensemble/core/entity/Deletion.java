package dev.ensemble.core.entity;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ensemble.core.entity.ObjectCommand.Delete;
import dev.ensemble.core.entity.ObjectCommand.Propagation;
import dev.ensemble.core.json.MergePatch;
import dev.ensemble.core.object.ObjectKey;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;

/**
 * How an object goes: at once, after a graceful period (pods), or when its finalizers and, for
 * namespaces, {@code spec.finalizers} are gone. As upstream's registry (rest.BeforeDelete,
 * podStrategy.CheckGracefulDelete, the namespace registry).
 */
final class Deletion {
  private static final String FOREGROUND = "foregroundDeletion";
  private static final String ORPHAN = "orphan";
  private static final long GRACE_SECONDS_DEFAULT = 30;

  private final boolean pods;
  private final boolean namespaces;

  Deletion(ObjectKey key) {
    String resource = key.resource().toString();
    this.pods = resource.equals("pods");
    this.namespaces = resource.equals("namespaces");
  }

  Decision decide(ObjectNode object, Delete delete, Instant now) {
    List<String> finalizers = finalizersAfter(object, delete.propagation());
    long grace = graceSeconds(object, delete.graceSeconds());
    if (finalizers.isEmpty() && grace == 0 && !holdsNamespace(object)) {
      return Decision.accept(new ObjectEvent.Removed(ObjectDecider.uidOf(object)));
    }
    ObjectNode after = marked(object, finalizers, grace, now);
    ObjectNode patch = MergePatch.diff(object, after);
    return patch.isEmpty()
        ? Decision.accept()
        : Decision.accept(new ObjectEvent.Terminating(patch));
  }

  /** Whether a terminating object is held by nothing any more. */
  boolean isDone(ObjectNode object) {
    JsonNode metadata = object.path("metadata");
    return ObjectDecider.isTerminating(object)
        && metadata.path("finalizers").isEmpty()
        && metadata.path("deletionGracePeriodSeconds").asLong(0) == 0
        && !holdsNamespace(object);
  }

  private boolean holdsNamespace(ObjectNode object) {
    return namespaces && !object.path("spec").path("finalizers").isEmpty();
  }

  private long graceSeconds(ObjectNode object, OptionalLong asked) {
    if (!pods) {
      return 0;
    }
    if (object.path("spec").path("nodeName").asText().isEmpty()) {
      return 0;
    }
    String phase = object.path("status").path("phase").asText();
    if (phase.equals("Succeeded") || phase.equals("Failed")) {
      return 0;
    }
    long grace =
        asked.orElse(
            object
                .path("spec")
                .path("terminationGracePeriodSeconds")
                .asLong(GRACE_SECONDS_DEFAULT));
    return grace < 0 ? 1 : grace;
  }

  private ObjectNode marked(ObjectNode object, List<String> finalizers, long grace, Instant now) {
    ObjectNode metadata = ObjectDecider.shallowCopy((ObjectNode) object.path("metadata"));
    setFinalizers(metadata, finalizers);
    long graceBefore = metadata.path("deletionGracePeriodSeconds").asLong(0);
    if (!metadata.has("deletionTimestamp")) {
      metadata.put("deletionTimestamp", seconds(now.plusSeconds(grace)));
      metadata.put("deletionGracePeriodSeconds", grace);
      if (metadata.has("generation")) {
        metadata.put("generation", metadata.path("generation").asLong() + 1);
      }
    } else if (grace < graceBefore) {
      // A second delete can only hasten: the new end counts from when deletion was first asked for.
      Instant asked =
          Instant.parse(metadata.path("deletionTimestamp").asText()).minusSeconds(graceBefore);
      metadata.put("deletionTimestamp", seconds(asked.plusSeconds(grace)));
      metadata.put("deletionGracePeriodSeconds", grace);
    }
    ObjectNode after = ObjectDecider.shallowCopy(object);
    after.set("metadata", metadata);
    if (namespaces) {
      ObjectNode status =
          object.path("status").isObject()
              ? ObjectDecider.shallowCopy((ObjectNode) object.path("status"))
              : object.objectNode();
      after.set("status", status.put("phase", "Terminating"));
    }
    return after;
  }

  private static void setFinalizers(ObjectNode metadata, List<String> finalizers) {
    if (finalizers.isEmpty()) {
      metadata.remove("finalizers");
      return;
    }
    ArrayNode array = metadata.arrayNode();
    finalizers.forEach(array::add);
    metadata.set("finalizers", array);
  }

  private static List<String> finalizersAfter(ObjectNode object, Propagation propagation) {
    Set<String> finalizers = new LinkedHashSet<>();
    object
        .path("metadata")
        .path("finalizers")
        .forEach(finalizer -> finalizers.add(finalizer.asText()));
    if (propagation != Propagation.DEFAULT) {
      finalizers.remove(FOREGROUND);
      finalizers.remove(ORPHAN);
    }
    if (propagation == Propagation.FOREGROUND) {
      finalizers.add(FOREGROUND);
    } else if (propagation == Propagation.ORPHAN) {
      finalizers.add(ORPHAN);
    }
    return new ArrayList<>(finalizers);
  }

  private static String seconds(Instant instant) {
    return instant.truncatedTo(ChronoUnit.SECONDS).toString();
  }
}
