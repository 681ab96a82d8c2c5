package dev.ensemble.http.resource;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ensemble.http.read.Target;
import dev.ensemble.http.request.RequestInfo;
import dev.ensemble.http.status.Statuses;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;

/**
 * The parts of metadata that the server sets and clients do not (rest.BeforeCreate, BeforeUpdate).
 */
final class Metadata {
  private static final List<String> SERVERS_OWN =
      List.of(
          "uid",
          "creationTimestamp",
          "deletionTimestamp",
          "deletionGracePeriodSeconds",
          "generation");

  private Metadata() {}

  static ObjectNode of(ObjectNode object) {
    return object.withObject("/metadata");
  }

  static String text(JsonNode object, String field) {
    return object.path("metadata").path(field).asText("");
  }

  /** Makes the body's namespace and the path's one, or refuses. */
  static void placeInNamespace(ObjectNode object, Target target, RequestInfo info) {
    ObjectNode metadata = of(object);
    if (!target.served().namespaced()) {
      if (!metadata.path("namespace").asText("").isEmpty()) {
        throw Statuses.badRequest(
            "namespace must be empty: " + target.name() + " are not in namespaces");
      }
      metadata.remove("namespace");
      return;
    }
    String given = metadata.path("namespace").asText("");
    if (info.namespace().isEmpty()) {
      throw Statuses.badRequest(
          "an empty namespace may not be set when a resource name is provided or created");
    }
    if (!given.isEmpty() && !given.equals(info.namespace())) {
      throw Statuses.badRequest(
          "the namespace of the provided object does not match the namespace sent on the"
              + " request");
    }
    metadata.put("namespace", info.namespace());
  }

  /** The name in the body must be that of the path. */
  static void requireName(ObjectNode object, String name) {
    String given = text(object, "name");
    if (given.isEmpty()) {
      throw Statuses.badRequest("name must be provided");
    }
    if (!given.equals(name)) {
      throw Statuses.badRequest(
          "the name of the object ("
              + given
              + ") does not match the name on the URL ("
              + name
              + ")");
    }
  }

  static void born(ObjectNode object, Instant now) {
    ObjectNode metadata = of(object);
    metadata.remove(List.of("deletionTimestamp", "deletionGracePeriodSeconds", "selfLink"));
    metadata.remove("resourceVersion");
    metadata.put("creationTimestamp", now.truncatedTo(ChronoUnit.SECONDS).toString());
    ThreadLocalRandom random = ThreadLocalRandom.current();
    // A random UUID of version 4; it identifies and need not be secret.
    long high = (random.nextLong() & ~0xF000L) | 0x4000L;
    long low = (random.nextLong() & 0x3FFFFFFFFFFFFFFFL) | 0x8000000000000000L;
    metadata.put("uid", new UUID(high, low).toString());
  }

  /** Takes over from the live object what no client may change. */
  static void keepServersOwn(ObjectNode object, ObjectNode live) {
    ObjectNode metadata = of(object);
    JsonNode was = live.path("metadata");
    for (String field : SERVERS_OWN) {
      JsonNode value = was.get(field);
      if (value == null) {
        metadata.remove(field);
      } else {
        metadata.set(field, value);
      }
    }
    if (!metadata.has("name")) {
      metadata.set("name", was.path("name"));
    }
    metadata.remove("selfLink");
  }

  static ObjectNode withoutRevision(ObjectNode object) {
    of(object).remove("resourceVersion");
    return object;
  }
}
