package dev.ensemble.core.schema;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The shape of custom resources, from the structural schema of their definition (OpenAPI v3 with
 * {@code x-kubernetes-} extensions, KEP-1693). Shape only: values are judged elsewhere. Nested
 * objects have no name of their own; all of the object's own metadata is Kubernetes' ObjectMeta.
 */
public final class StructuralSchema {
  private static final String OBJECT_META = "io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta";
  private static final String PRESERVE = "x-kubernetes-preserve-unknown-fields";
  private static final String EMBEDDED = "x-kubernetes-embedded-resource";
  private static final Schema STRING = new Schema.Scalar(Schema.ScalarKind.STRING);

  private final Definitions definitions;

  /**
   * @param definitions where ObjectMeta is found
   */
  public StructuralSchema(Definitions definitions) {
    this.definitions = definitions;
  }

  /**
   * The shape of a whole custom resource.
   *
   * @param name a name for its definition, such as {@code com.example.v1.Gadget}
   * @param openApiV3Schema the version's schema, already checked to be structural
   */
  public Schema.Struct read(String name, JsonNode openApiV3Schema) {
    return resource(name, openApiV3Schema);
  }

  private Schema.Struct resource(String name, JsonNode node) {
    Map<String, Schema.Field> fields = fields(node);
    fields.put("apiVersion", plain("apiVersion", STRING));
    fields.put("kind", plain("kind", STRING));
    fields.put("metadata", plain("metadata", definitions.get(OBJECT_META)));
    return new Schema.Struct(name, fields, merge(node), unknown(node));
  }

  private Schema schema(JsonNode node) {
    if (node.path("x-kubernetes-int-or-string").asBoolean()) {
      return new Schema.Scalar(Schema.ScalarKind.INT_OR_STRING);
    }
    return switch (node.path("type").asText()) {
      case "object" -> object(node);
      case "array" -> list(node);
      case "boolean" -> new Schema.Scalar(Schema.ScalarKind.BOOLEAN);
      case "integer" ->
          new Schema.Scalar(
              node.path("format").asText().equals("int32")
                  ? Schema.ScalarKind.INT32
                  : Schema.ScalarKind.INT64);
      case "number" -> new Schema.Scalar(Schema.ScalarKind.DOUBLE);
      // Formats of text are judged, not rewritten: a custom resource keeps what it was given.
      case "string" -> STRING;
      default -> new Schema.Any();
    };
  }

  private Schema object(JsonNode node) {
    if (node.path(EMBEDDED).asBoolean()) {
      return resource("", node);
    }
    JsonNode values = node.path("additionalProperties");
    if (values.isObject()) {
      return new Schema.MapOf(schema(values), merge(node));
    }
    if (values.asBoolean()) {
      return new Schema.MapOf(new Schema.Any(), merge(node));
    }
    return new Schema.Struct("", fields(node), merge(node), unknown(node));
  }

  private Map<String, Schema.Field> fields(JsonNode node) {
    List<String> required = new ArrayList<>();
    node.path("required").forEach(name -> required.add(name.asText()));
    Map<String, Schema.Field> fields = new LinkedHashMap<>();
    node.path("properties")
        .fields()
        .forEachRemaining(
            property -> {
              Schema schema = schema(property.getValue());
              fields.put(
                  property.getKey(),
                  new Schema.Field(
                      property.getKey(),
                      () -> schema,
                      required.contains(property.getKey())
                          ? Schema.Presence.REQUIRED
                          : Schema.Presence.OPTIONAL,
                      Optional.ofNullable(property.getValue().get("default")),
                      Schema.PatchStrategy.REPLACE,
                      Optional.empty()));
            });
    return fields;
  }

  private static Schema.Field plain(String name, Schema schema) {
    return new Schema.Field(
        name,
        () -> schema,
        Schema.Presence.OPTIONAL,
        Optional.empty(),
        Schema.PatchStrategy.REPLACE,
        Optional.empty());
  }

  private Schema list(JsonNode node) {
    Schema element = schema(node.path("items"));
    List<String> keys = new ArrayList<>();
    node.path("x-kubernetes-list-map-keys").forEach(key -> keys.add(key.asText()));
    return switch (node.path("x-kubernetes-list-type").asText()) {
      case "map" -> new Schema.ListOf(element, Schema.ListKind.MAP, List.copyOf(keys));
      case "set" -> new Schema.ListOf(element, Schema.ListKind.SET, List.of());
      default -> new Schema.ListOf(element, Schema.ListKind.ATOMIC, List.of());
    };
  }

  private static Schema.Merge merge(JsonNode node) {
    return node.path("x-kubernetes-map-type").asText().equals("atomic")
        ? Schema.Merge.ATOMIC
        : Schema.Merge.GRANULAR;
  }

  private static Schema.Unknown unknown(JsonNode node) {
    return node.path(PRESERVE).asBoolean() ? Schema.Unknown.KEPT : Schema.Unknown.PRUNED;
  }
}
