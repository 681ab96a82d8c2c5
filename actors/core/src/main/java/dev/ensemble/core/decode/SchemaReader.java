package dev.ensemble.core.decode;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.DoubleNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.ensemble.core.schema.Schema;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** One walk over one body. */
final class SchemaReader {
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private final JsonParser parser;
  private final DecodeLimits limits;
  private final ScalarReader scalars;
  private final boolean reporting;
  private final boolean canonicalZeros;
  private final List<String> problems;
  private final FieldPath path = new FieldPath();
  private String owner = "";

  SchemaReader(
      JsonParser parser, DecodeLimits limits, DecodeOptions options, List<String> problems) {
    this.parser = parser;
    this.limits = limits;
    this.scalars = new ScalarReader(parser);
    this.reporting = options.fieldValidation() != FieldValidation.IGNORE;
    this.canonicalZeros = options.zeros() == DecodeOptions.Zeros.CANONICAL;
    this.problems = problems;
  }

  /** Reads the whole body, whose first token was taken from the parser already. */
  ObjectNode read(Schema.Struct schema, JsonToken token) throws IOException {
    if (token != JsonToken.START_OBJECT) {
      throw new UnreadableFieldException(
          "json: cannot unmarshal %s into Go value of type %s"
              .formatted(TypeNames.ofToken(token, ""), TypeNames.ofSchema(schema)));
    }
    ObjectNode object = struct(schema);
    if (parser.nextToken() != null) {
      throw new UnreadableFieldException("invalid content after top-level value");
    }
    return object;
  }

  private JsonNode value(Schema schema, JsonToken token) throws IOException {
    if (token == JsonToken.VALUE_NULL) {
      return NullNode.instance;
    }
    if (schema instanceof Schema.Scalar scalar) {
      Optional<JsonNode> read;
      try {
        read = scalars.read(scalar.kind(), token);
      } catch (UnreadableFieldException e) {
        throw new UnreadableFieldException(path + ": " + e.getMessage());
      }
      return read.orElseThrow(() -> mismatch(schema, token));
    }
    if (schema instanceof Schema.Struct struct) {
      require(token == JsonToken.START_OBJECT, schema, token);
      return struct(struct);
    }
    if (schema instanceof Schema.ListOf list) {
      require(token == JsonToken.START_ARRAY, schema, token);
      return list(list);
    }
    if (schema instanceof Schema.MapOf map) {
      require(token == JsonToken.START_OBJECT, schema, token);
      return map(map);
    }
    return any(token);
  }

  private ObjectNode struct(Schema.Struct schema) throws IOException {
    String outer = owner;
    owner = schema.name();
    ObjectNode object = NODES.objectNode();
    boolean dropped = false;
    String name;
    while ((name = parser.nextFieldName()) != null) {
      JsonToken token = parser.nextToken();
      Schema.Field field = schema.fields().get(name);
      path.field(name);
      if (field == null) {
        unknown(schema, object, name, token);
      } else {
        if (reporting && object.has(name)) {
          problem("duplicate field \"" + path + "\"");
        }
        JsonNode value = value(field.schema(), token);
        if (canonicalZeros && field.zero() == Schema.Zero.DROPPED && ScalarReader.isZero(value)) {
          value = NullNode.instance;
        }
        dropped |= value.isNull();
        // A null stays until the end of the object so that a second one is seen as a duplicate.
        object.set(name, value);
      }
      path.pop();
    }
    if (dropped) {
      dropNulls(schema, object);
    }
    owner = outer;
    return object;
  }

  private static void dropNulls(Schema.Struct schema, ObjectNode object) {
    for (var fields = object.fields(); fields.hasNext(); ) {
      var field = fields.next();
      if (field.getValue().isNull() && schema.fields().containsKey(field.getKey())) {
        fields.remove();
      }
    }
  }

  private void unknown(Schema.Struct schema, ObjectNode object, String name, JsonToken token)
      throws IOException {
    if (schema.unknown() == Schema.Unknown.KEPT) {
      if (reporting && object.has(name)) {
        problem("duplicate field \"" + path + "\"");
      }
      object.set(name, any(token));
      return;
    }
    if (reporting) {
      problem("unknown field \"" + path + "\"");
    }
    parser.skipChildren();
  }

  private ArrayNode list(Schema.ListOf schema) throws IOException {
    ArrayNode list = NODES.arrayNode();
    JsonToken token;
    while ((token = parser.nextToken()) != JsonToken.END_ARRAY) {
      path.index(list.size());
      list.add(element(schema.element(), token));
      path.pop();
    }
    return list;
  }

  private ObjectNode map(Schema.MapOf schema) throws IOException {
    ObjectNode map = NODES.objectNode();
    String key;
    while ((key = parser.nextFieldName()) != null) {
      JsonToken token = parser.nextToken();
      path.key(key);
      if (reporting && map.has(key)) {
        problem("duplicate field \"" + path + "\"");
      }
      map.set(key, element(schema.value(), token));
      path.pop();
    }
    return map;
  }

  /** In a list or a map a null is the zero value, as it is where those are typed in memory. */
  private JsonNode element(Schema schema, JsonToken token) throws IOException {
    return token == JsonToken.VALUE_NULL ? ScalarReader.zeroOf(schema) : value(schema, token);
  }

  private JsonNode any(JsonToken token) throws IOException {
    switch (token) {
      case START_OBJECT -> {
        ObjectNode object = NODES.objectNode();
        String name;
        while ((name = parser.nextFieldName()) != null) {
          object.set(name, any(parser.nextToken()));
        }
        return object;
      }
      case START_ARRAY -> {
        ArrayNode list = NODES.arrayNode();
        JsonToken next;
        while ((next = parser.nextToken()) != JsonToken.END_ARRAY) {
          list.add(any(next));
        }
        return list;
      }
      case VALUE_STRING -> {
        return TextNode.valueOf(parser.getText());
      }
      case VALUE_NUMBER_INT -> {
        return ScalarReader.integer(parser);
      }
      case VALUE_NUMBER_FLOAT -> {
        return DoubleNode.valueOf(parser.getDoubleValue());
      }
      case VALUE_TRUE, VALUE_FALSE -> {
        return NODES.booleanNode(token == JsonToken.VALUE_TRUE);
      }
      default -> {
        return NullNode.instance;
      }
    }
  }

  private void require(boolean fits, Schema schema, JsonToken token) throws IOException {
    if (!fits) {
      throw mismatch(schema, token);
    }
  }

  private UnreadableFieldException mismatch(Schema schema, JsonToken token) {
    String number = "";
    if (token.isNumeric()) {
      try {
        number = parser.getText();
      } catch (IOException e) {
        number = "";
      }
    }
    return new UnreadableFieldException(
        "json: cannot unmarshal %s into Go struct field %s.%s of type %s"
            .formatted(
                TypeNames.ofToken(token, isWholeNumberField(schema) ? number : ""),
                owner.substring(owner.lastIndexOf('.') + 1),
                path.fieldsOnly(),
                TypeNames.ofSchema(schema)));
  }

  private static boolean isWholeNumberField(Schema schema) {
    return schema instanceof Schema.Scalar scalar
        && (scalar.kind() == Schema.ScalarKind.INT32
            || scalar.kind() == Schema.ScalarKind.INT64
            || scalar.kind() == Schema.ScalarKind.INT_OR_STRING);
  }

  private void problem(String text) {
    if (problems.size() < limits.problemsMax()) {
      problems.add(text);
    }
  }
}
