package dev.ensemble.core.openapi;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ensemble.core.schema.ApiKind;
import dev.ensemble.core.schema.Schema;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;

/** Writes schemas, and remembers which definitions they refer to until all are written. */
final class SchemaWriter {
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
  private static final String QUANTITY = "io.k8s.apimachinery.pkg.api.resource.Quantity";
  private static final String INT_OR_STRING = "io.k8s.apimachinery.pkg.util.intstr.IntOrString";
  private static final String TIME = "io.k8s.apimachinery.pkg.apis.meta.v1.Time";
  private static final String MICRO_TIME = "io.k8s.apimachinery.pkg.apis.meta.v1.MicroTime";
  private static final String DURATION = "io.k8s.apimachinery.pkg.apis.meta.v1.Duration";

  private final Dialect dialect;
  private final Map<String, List<ApiKind>> kinds;
  private final Map<String, ObjectNode> written = new TreeMap<>();
  private final Map<String, Schema.Merge> merges = new HashMap<>();
  private final Deque<Runnable> pending = new ArrayDeque<>();

  /**
   * @param kinds the kinds that a definition, by name, is the whole object of
   */
  SchemaWriter(Dialect dialect, Map<String, List<ApiKind>> kinds) {
    this.dialect = dialect;
    this.kinds = kinds;
  }

  /** A reference to a definition, which will be among {@link #definitions}. */
  ObjectNode ref(Schema.Struct struct) {
    merges.computeIfAbsent(
        struct.name(),
        name -> {
          pending.add(() -> written.put(name, struct(struct)));
          return struct.merge();
        });
    return ref(struct.name());
  }

  /** Adds a definition that no schema describes, such as a list of a kind. */
  ObjectNode ref(String name, Supplier<ObjectNode> definition) {
    if (merges.putIfAbsent(name, Schema.Merge.GRANULAR) == null) {
      pending.add(() -> written.put(name, definition.get()));
    }
    return ref(name);
  }

  /** All definitions referred to, by name in order. */
  ObjectNode definitions() {
    while (!pending.isEmpty()) {
      pending.remove().run();
    }
    ObjectNode all = NODES.objectNode();
    written.forEach(all::set);
    return all;
  }

  private ObjectNode ref(String name) {
    return NODES.objectNode().put("$ref", dialect.ref(name));
  }

  private ObjectNode struct(Schema.Struct struct) {
    ObjectNode node = NODES.objectNode().put("type", "object");
    ObjectNode properties = node.putObject("properties");
    ArrayNode required = NODES.arrayNode();
    for (Schema.Field field : struct.fields().values()) {
      properties.set(field.name(), field(field));
      if (field.presence() == Schema.Presence.REQUIRED) {
        required.add(field.name());
      }
    }
    if (properties.isEmpty()) {
      node.remove("properties");
    }
    if (!required.isEmpty()) {
      node.set("required", required);
    }
    if (struct.merge() == Schema.Merge.ATOMIC) {
      node.put("x-kubernetes-map-type", "atomic");
    }
    if (struct.unknown() == Schema.Unknown.KEPT) {
      node.put("x-kubernetes-preserve-unknown-fields", true);
    }
    List<ApiKind> known = kinds.getOrDefault(struct.name(), List.of());
    if (!known.isEmpty()) {
      ArrayNode list = node.putArray("x-kubernetes-group-version-kind");
      known.forEach(kind -> list.add(kind(kind)));
    }
    return node;
  }

  static ObjectNode kind(ApiKind kind) {
    return NODES
        .objectNode()
        .put("group", kind.group())
        .put("kind", kind.kind())
        .put("version", kind.version());
  }

  private ObjectNode field(Schema.Field field) {
    ObjectNode node = schema(field.schema());
    ObjectNode beside = NODES.objectNode();
    field.defaultValue().ifPresent(value -> beside.set("default", value));
    field.patchMergeKey().ifPresent(key -> beside.put("x-kubernetes-patch-merge-key", key));
    switch (field.patchStrategy()) {
      case REPLACE -> {}
      case MERGE -> beside.put("x-kubernetes-patch-strategy", "merge");
      case RETAIN_KEYS -> beside.put("x-kubernetes-patch-strategy", "retainKeys");
      case MERGE_RETAIN_KEYS -> beside.put("x-kubernetes-patch-strategy", "merge,retainKeys");
    }
    if (beside.isEmpty()) {
      return node;
    }
    return besides(node, beside);
  }

  /** In version 3 nothing may stand beside a reference, so the reference moves into allOf. */
  private ObjectNode besides(ObjectNode node, ObjectNode beside) {
    if (dialect == Dialect.V3 && node.has("$ref")) {
      ObjectNode wrapper = NODES.objectNode();
      wrapper.putArray("allOf").add(node);
      return wrapper.setAll(beside);
    }
    return node.setAll(beside);
  }

  private ObjectNode schema(Schema schema) {
    if (schema instanceof Schema.Struct struct) {
      return reference(struct);
    }
    if (schema instanceof Schema.ListOf list) {
      ObjectNode node = NODES.objectNode().put("type", "array");
      node.set("items", schema(list.element()));
      switch (list.kind()) {
        case ATOMIC -> node.put("x-kubernetes-list-type", "atomic");
        case SET -> node.put("x-kubernetes-list-type", "set");
        case MAP -> {
          node.put("x-kubernetes-list-type", "map");
          list.keys().forEach(node.putArray("x-kubernetes-list-map-keys")::add);
        }
      }
      return node;
    }
    if (schema instanceof Schema.MapOf map) {
      ObjectNode node = NODES.objectNode().put("type", "object");
      node.set("additionalProperties", schema(map.value()));
      if (map.merge() == Schema.Merge.ATOMIC) {
        node.put("x-kubernetes-map-type", "atomic");
      }
      return node;
    }
    return schema instanceof Schema.Scalar scalar
        ? scalar(scalar.kind())
        : NODES.objectNode().put("type", "object");
  }

  private ObjectNode reference(Schema.Struct struct) {
    if (struct.name().isEmpty()) {
      return struct(struct);
    }
    ObjectNode node = ref(struct);
    if (struct.merge() == merges.get(struct.name())) {
      return node;
    }
    String mapType = struct.merge() == Schema.Merge.ATOMIC ? "atomic" : "granular";
    return besides(node, NODES.objectNode().put("x-kubernetes-map-type", mapType));
  }

  private ObjectNode scalar(Schema.ScalarKind kind) {
    return switch (kind) {
      case STRING -> plain("string", "");
      case BYTES -> plain("string", "byte");
      case BOOLEAN -> plain("boolean", "");
      case INT32 -> plain("integer", "int32");
      case INT64 -> plain("integer", "int64");
      case DOUBLE -> plain("number", "double");
      case QUANTITY -> ref(QUANTITY, () -> either("string", "number", ""));
      case INT_OR_STRING -> ref(INT_OR_STRING, () -> either("string", "integer", "int-or-string"));
      case TIME -> ref(TIME, () -> plain("string", "date-time"));
      case MICRO_TIME -> ref(MICRO_TIME, () -> plain("string", "date-time"));
      case DURATION -> ref(DURATION, () -> plain("string", ""));
    };
  }

  private static ObjectNode plain(String type, String format) {
    ObjectNode node = NODES.objectNode().put("type", type);
    return format.isEmpty() ? node : node.put("format", format);
  }

  /** Version 2 knows one type only and names the text. */
  private ObjectNode either(String type, String other, String format) {
    if (dialect == Dialect.V2) {
      return plain(type, format);
    }
    ObjectNode node = NODES.objectNode();
    if (!format.isEmpty()) {
      node.put("format", format);
    }
    node.putArray("oneOf").add(plain(other, "")).add(plain(type, ""));
    return node;
  }
}
