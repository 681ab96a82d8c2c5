package dev.ensemble.core.json;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;

/** JSON written briefly in tests: single quotes and bare names are allowed. */
public final class Json {
  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .configure(JsonParser.Feature.ALLOW_SINGLE_QUOTES, true)
          .configure(JsonParser.Feature.ALLOW_UNQUOTED_FIELD_NAMES, true)
          .build();

  private Json() {}

  public static JsonNode json(String text) {
    try {
      return MAPPER.readTree(text);
    } catch (JsonProcessingException wrong) {
      throw new IllegalArgumentException(text, wrong);
    }
  }

  public static ObjectNode object(String text) {
    return (ObjectNode) json(text);
  }

  /** Objects within objects, with the given number of levels. */
  public static ObjectNode nested(int levels) {
    ObjectNode root = JsonNodeFactory.instance.objectNode();
    ObjectNode at = root;
    for (int i = 1; i < levels; i++) {
      at = at.putObject("a");
    }
    return root;
  }

  /** Objects of few field names, so that two of them often share some; no nulls. */
  public static Arbitrary<ObjectNode> objects() {
    return Arbitraries.lazyOf(() -> objects(values(3)));
  }

  private static Arbitrary<ObjectNode> objects(Arbitrary<JsonNode> values) {
    return Arbitraries.maps(Arbitraries.of("a", "b", "c", "d/e", "f~"), values)
        .ofMaxSize(4)
        .map(
            fields -> {
              ObjectNode object = JsonNodeFactory.instance.objectNode();
              fields.forEach(object::set);
              return object;
            });
  }

  private static Arbitrary<JsonNode> values(int depth) {
    Arbitrary<JsonNode> scalars =
        Arbitraries.of("1", "1.0", "2", "true", "''", "'x'", "[]", "{}", "9999999999", "'a/b'")
            .map(Json::json);
    if (depth == 0) {
      return scalars;
    }
    Arbitrary<JsonNode> arrays =
        values(depth - 1)
            .list()
            .ofMaxSize(3)
            .map(
                elements -> {
                  ArrayNode array = JsonNodeFactory.instance.arrayNode();
                  elements.forEach(array::add);
                  return array;
                });
    return Arbitraries.oneOf(scalars, objects(values(depth - 1)).map(o -> (JsonNode) o), arrays);
  }
}
