package dev.ensemble.http.protobuf;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;

/**
 * OpenAPI version 2 as clients ask for it when version 3 is not there: the published messages of
 * the gnostic project (package openapi.v2). Extensions are YAML text, of which JSON is a part.
 * Holds what {@link dev.ensemble.core.openapi.OpenApiDocuments#v2} writes, and nothing else of
 * OpenAPI.
 */
public final class OpenApiV2Protobuf {
  /** What the answer is called. */
  public static final String MEDIA_TYPE =
      "application/com.github.proto-openapi.spec.v2.v1.0+protobuf";

  /**
   * What clients ask for; the {@code @} makes it no legal media type, so it is compared as text.
   */
  public static final String ACCEPTED_AS =
      "application/com.github.proto-openapi.spec.v2@v1.0+protobuf";

  private static final String EXTENSION = "x-";

  // Methods of a path, by their field of the message PathItem.
  private static final Map<String, Integer> METHODS =
      Map.of("get", 2, "put", 3, "post", 4, "delete", 5, "patch", 8);

  private OpenApiV2Protobuf() {}

  /** Encodes a whole document. */
  public static byte[] encode(ObjectNode document) {
    WireMessage message = new WireMessage();
    message.text(1, document.get("swagger").asText());
    JsonNode info = document.get("info");
    message.message(
        2, to -> to.text(1, info.get("title").asText()).text(2, info.get("version").asText()));
    message.message(8, to -> named(to, 2, document.get("paths"), OpenApiV2Protobuf::pathItem));
    message.message(9, to -> named(to, 1, document.get("definitions"), OpenApiV2Protobuf::schema));
    return message.toBytes();
  }

  private interface Writer {
    void write(WireMessage to, JsonNode value);
  }

  /** Maps are lists of messages with a name and a value. */
  private static void named(WireMessage to, int field, JsonNode values, Writer writer) {
    values
        .fields()
        .forEachRemaining(
            entry ->
                to.message(
                    field,
                    pair ->
                        pair.text(1, entry.getKey())
                            .message(2, value -> writer.write(value, entry.getValue()))));
  }

  private static void extensions(WireMessage to, int field, JsonNode node) {
    node.fields()
        .forEachRemaining(
            entry -> {
              if (entry.getKey().startsWith(EXTENSION)) {
                to.message(
                    field,
                    pair ->
                        pair.text(1, entry.getKey())
                            .message(2, any -> any.text(2, entry.getValue().toString())));
              }
            });
  }

  private static void pathItem(WireMessage to, JsonNode item) {
    item.fields()
        .forEachRemaining(
            entry -> {
              Integer field = METHODS.get(entry.getKey());
              if (field != null) {
                to.message(field, operation -> operation(operation, entry.getValue()));
              }
            });
    parameters(to, 9, item);
  }

  private static void operation(WireMessage to, JsonNode operation) {
    texts(to, 1, operation.path("tags"));
    to.text(5, operation.get("operationId").asText());
    texts(to, 6, operation.path("produces"));
    texts(to, 7, operation.path("consumes"));
    parameters(to, 8, operation);
    to.message(
        9,
        responses ->
            named(
                responses,
                1,
                operation.get("responses"),
                (value, response) -> value.message(1, it -> response(it, response))));
    extensions(to, 13, operation);
  }

  private static void response(WireMessage to, JsonNode response) {
    to.text(1, response.get("description").asText());
    if (response.has("schema")) {
      to.message(2, item -> item.message(1, schema -> schema(schema, response.get("schema"))));
    }
  }

  private static void parameters(WireMessage to, int field, JsonNode owner) {
    for (JsonNode parameter : owner.path("parameters")) {
      to.message(field, item -> item.message(1, it -> parameter(it, parameter)));
    }
  }

  private static void parameter(WireMessage to, JsonNode parameter) {
    String in = parameter.get("in").asText();
    if (in.equals("body")) {
      to.message(
          1,
          body -> {
            body.text(2, parameter.get("name").asText()).text(3, in);
            if (parameter.path("required").asBoolean()) {
              body.flag(4);
            }
            body.message(5, schema -> schema(schema, parameter.get("schema")));
          });
      return;
    }
    boolean query = in.equals("query");
    to.message(
        2,
        other ->
            other.message(
                query ? 3 : 4,
                it -> {
                  if (parameter.path("required").asBoolean()) {
                    it.flag(1);
                  }
                  it.text(2, in).text(4, parameter.get("name").asText());
                  it.text(query ? 6 : 5, parameter.get("type").asText());
                  it.flag(query ? 20 : 19);
                }));
  }

  private static void schema(WireMessage to, JsonNode schema) {
    if (schema.has("$ref")) {
      to.text(1, schema.get("$ref").asText());
    }
    if (schema.has("format")) {
      to.text(2, schema.get("format").asText());
    }
    if (schema.has("default")) {
      to.message(5, any -> any.text(2, schema.get("default").toString()));
    }
    texts(to, 19, schema.path("required"));
    if (schema.has("additionalProperties")) {
      to.message(21, item -> item.message(1, it -> schema(it, schema.get("additionalProperties"))));
    }
    if (schema.has("type")) {
      to.message(22, type -> type.text(1, schema.get("type").asText()));
    }
    if (schema.has("items")) {
      to.message(23, items -> items.message(1, it -> schema(it, schema.get("items"))));
    }
    if (schema.has("properties")) {
      to.message(25, it -> named(it, 1, schema.get("properties"), OpenApiV2Protobuf::schema));
    }
    extensions(to, 31, schema);
  }

  private static void texts(WireMessage to, int field, JsonNode values) {
    values.forEach(value -> to.text(field, value.asText()));
  }
}
