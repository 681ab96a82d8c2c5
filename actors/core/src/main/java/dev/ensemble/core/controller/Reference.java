package dev.ensemble.core.controller;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * Names one incarnation of an object (core/v1 ObjectReference). Empty parts are left out.
 *
 * @param fieldPath the part that is meant, such as {@code spec.containers{nginx}}
 */
public record Reference(
    String apiVersion, String kind, String namespace, String name, String uid, String fieldPath) {
  public Reference(String apiVersion, String kind, String namespace, String name, String uid) {
    this(apiVersion, kind, namespace, name, uid, "");
  }

  public ObjectNode json() {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    put(json, "apiVersion", apiVersion);
    put(json, "kind", kind);
    put(json, "name", name);
    put(json, "namespace", namespace);
    put(json, "uid", uid);
    put(json, "fieldPath", fieldPath);
    return json;
  }

  private static void put(ObjectNode json, String field, String value) {
    if (!value.isEmpty()) {
      json.put(field, value);
    }
  }
}
