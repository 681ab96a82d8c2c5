package dev.ensemble.core.controller;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;

/** One entry of {@code metadata.ownerReferences}. */
public record OwnerRef(
    String apiVersion,
    String kind,
    String name,
    String uid,
    boolean controller,
    boolean blockOwnerDeletion) {

  static List<OwnerRef> listOf(JsonNode metadata) {
    List<OwnerRef> refs = new ArrayList<>();
    for (JsonNode ref : metadata.path("ownerReferences")) {
      refs.add(
          new OwnerRef(
              ref.path("apiVersion").asText(),
              ref.path("kind").asText(),
              ref.path("name").asText(),
              ref.path("uid").asText(),
              ref.path("controller").asBoolean(),
              ref.path("blockOwnerDeletion").asBoolean()));
    }
    return List.copyOf(refs);
  }

  /** The reference of something that {@code owner} controls. */
  public static OwnerRef controlledBy(ObjectFacts owner) {
    return new OwnerRef(owner.apiVersion(), owner.kind(), owner.name(), owner.uid(), true, true);
  }

  public ObjectNode json() {
    ObjectNode json =
        JsonNodeFactory.instance
            .objectNode()
            .put("apiVersion", apiVersion)
            .put("kind", kind)
            .put("name", name)
            .put("uid", uid);
    if (controller) {
      json.put("controller", true);
    }
    if (blockOwnerDeletion) {
      json.put("blockOwnerDeletion", true);
    }
    return json;
  }

  /** A merge patch that makes {@code refs} the whole list; an empty list removes the field. */
  public static ObjectNode patch(List<OwnerRef> refs) {
    ObjectNode patch = JsonNodeFactory.instance.objectNode();
    ObjectNode metadata = patch.putObject("metadata");
    if (refs.isEmpty()) {
      metadata.putNull("ownerReferences");
      return patch;
    }
    ArrayNode array = metadata.putArray("ownerReferences");
    refs.forEach(ref -> array.add(ref.json()));
    return patch;
  }
}
