package dev.ensemble.core.schema;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The shape of one JSON value. Facts of shape are those of the published Kubernetes API
 * description.
 */
public sealed interface Schema {

  /**
   * An object with known fields. {@code name} is the published definition's name, such as {@code
   * io.k8s.api.core.v1.Container}.
   */
  record Struct(String name, Map<String, Field> fields, Merge merge, Unknown unknown)
      implements Schema {
    public Optional<Field> field(String fieldName) {
      return Optional.ofNullable(fields.get(fieldName));
    }
  }

  /** A map from free string keys to values of one shape. */
  record MapOf(Schema value, Merge merge) implements Schema {}

  /**
   * A list. {@code keys} are the merge keys of a {@link ListKind#MAP} list, in published order;
   * empty otherwise.
   */
  record ListOf(Schema element, ListKind kind, List<String> keys) implements Schema {}

  /** A leaf. */
  record Scalar(ScalarKind kind) implements Schema {}

  /** Any JSON at all (RawExtension, FieldsV1, JSON): never looked into, merged as one value. */
  record Any() implements Schema {}

  /** One field of a struct. Its schema is asked for late because definitions may be recursive. */
  final class Field {
    private final String name;
    private final Supplier<Schema> schema;
    private final Presence presence;
    private final Optional<JsonNode> defaultValue;
    private final PatchStrategy patchStrategy;
    private final Optional<String> patchMergeKey;
    private final Zero zero;

    /** A field whose zero value is kept, as all fields of custom resources are. */
    public Field(
        String name,
        Supplier<Schema> schema,
        Presence presence,
        Optional<JsonNode> defaultValue,
        PatchStrategy patchStrategy,
        Optional<String> patchMergeKey) {
      this(name, schema, presence, defaultValue, patchStrategy, patchMergeKey, Zero.KEPT);
    }

    public Field(
        String name,
        Supplier<Schema> schema,
        Presence presence,
        Optional<JsonNode> defaultValue,
        PatchStrategy patchStrategy,
        Optional<String> patchMergeKey,
        Zero zero) {
      this.name = name;
      this.schema = schema;
      this.presence = presence;
      this.defaultValue = defaultValue;
      this.patchStrategy = patchStrategy;
      this.patchMergeKey = patchMergeKey;
      this.zero = zero;
    }

    public String name() {
      return name;
    }

    public Schema schema() {
      return schema.get();
    }

    public Presence presence() {
      return presence;
    }

    public Optional<JsonNode> defaultValue() {
      return defaultValue;
    }

    /** How a strategic merge patch treats this field ({@code x-kubernetes-patch-strategy}). */
    public PatchStrategy patchStrategy() {
      return patchStrategy;
    }

    /** The key of a list merged by strategic merge patch ({@code x-kubernetes-patch-merge-key}). */
    public Optional<String> patchMergeKey() {
      return patchMergeKey;
    }

    /** Whether a value that says nothing (false, 0, "", [], {}) is written at all. */
    public Zero zero() {
      return zero;
    }
  }

  /** Whether fields below are owned and merged one by one, or the value is one whole. */
  enum Merge {
    GRANULAR,
    ATOMIC
  }

  enum ListKind {
    ATOMIC,
    SET,
    MAP
  }

  enum Presence {
    REQUIRED,
    OPTIONAL
  }

  /**
   * Upstream's {@code omitempty} on a field that is not a pointer: its zero value is never written,
   * so {@code stdin: false} and no {@code stdin} are one and the same object.
   */
  enum Zero {
    KEPT,
    DROPPED
  }

  /** What becomes of fields that the schema does not name. */
  enum Unknown {
    PRUNED,
    KEPT
  }

  enum PatchStrategy {
    REPLACE,
    MERGE,
    RETAIN_KEYS,
    MERGE_RETAIN_KEYS
  }

  enum ScalarKind {
    STRING,
    /** Base64 text in JSON. */
    BYTES,
    BOOLEAN,
    INT32,
    INT64,
    DOUBLE,
    /** A resource quantity: text, or a number on input. */
    QUANTITY,
    INT_OR_STRING,
    /** RFC 3339 with seconds. */
    TIME,
    /** RFC 3339 with microseconds. */
    MICRO_TIME,
    DURATION
  }
}
