package dev.ensemble.core.decode;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BigIntegerNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.DoubleNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.ensemble.core.quantity.Quantity;
import dev.ensemble.core.quantity.QuantityFormatException;
import dev.ensemble.core.schema.Schema;
import java.io.IOException;
import java.util.Base64;
import java.util.Optional;

/**
 * Leaves. Whole numbers are IntNode if they fit and LongNode if not, as a parser makes them, so
 * that two trees of one object are equal.
 */
final class ScalarReader {
  private static final TextNode NO_TEXT = TextNode.valueOf("");

  private final JsonParser parser;

  ScalarReader(JsonParser parser) {
    this.parser = parser;
  }

  /** Empty if the token is not of the kind at all. */
  Optional<JsonNode> read(Schema.ScalarKind kind, JsonToken token) throws IOException {
    return switch (kind) {
      case STRING -> token == JsonToken.VALUE_STRING ? text(parser.getText()) : Optional.empty();
      case BOOLEAN ->
          token.isBoolean()
              ? Optional.of(BooleanNode.valueOf(token == JsonToken.VALUE_TRUE))
              : Optional.empty();
      case INT32 -> whole(token, Integer.MIN_VALUE, Integer.MAX_VALUE);
      case INT64 -> whole(token, Long.MIN_VALUE, Long.MAX_VALUE);
      case DOUBLE -> number(token);
      case INT_OR_STRING ->
          token == JsonToken.VALUE_STRING
              ? text(parser.getText())
              : whole(token, Integer.MIN_VALUE, Integer.MAX_VALUE);
      case QUANTITY ->
          token == JsonToken.VALUE_STRING || token.isNumeric()
              ? quantity(parser.getText())
              : Optional.empty();
      case BYTES -> token == JsonToken.VALUE_STRING ? bytes(parser.getText()) : Optional.empty();
      case TIME ->
          token == JsonToken.VALUE_STRING
              ? text(Times.toSeconds(parser.getText()))
              : Optional.empty();
      case MICRO_TIME ->
          token == JsonToken.VALUE_STRING
              ? text(Times.toMicros(parser.getText()))
              : Optional.empty();
      case DURATION -> token == JsonToken.VALUE_STRING ? text(parser.getText()) : Optional.empty();
    };
  }

  static JsonNode integer(JsonParser parser) throws IOException {
    return switch (parser.getNumberType()) {
      case INT, LONG -> integer(parser.getLongValue());
      default -> BigIntegerNode.valueOf(parser.getBigIntegerValue());
    };
  }

  static JsonNode integer(long value) {
    return value == (int) value ? IntNode.valueOf((int) value) : LongNode.valueOf(value);
  }

  /** Whether a value is what a field has that was never set. */
  static boolean isZero(JsonNode value) {
    return switch (value.getNodeType()) {
      case OBJECT, ARRAY -> value.isEmpty();
      case STRING -> value.textValue().isEmpty();
      case BOOLEAN -> !value.booleanValue();
      case NUMBER -> value.doubleValue() == 0;
      default -> false;
    };
  }

  static JsonNode zeroOf(Schema schema) {
    if (schema instanceof Schema.Struct || schema instanceof Schema.MapOf) {
      return JsonNodeFactory.instance.objectNode();
    }
    if (schema instanceof Schema.ListOf) {
      return JsonNodeFactory.instance.arrayNode();
    }
    if (schema instanceof Schema.Scalar scalar) {
      return switch (scalar.kind()) {
        case BOOLEAN -> BooleanNode.FALSE;
        case INT32, INT64, INT_OR_STRING, DOUBLE -> IntNode.valueOf(0);
        case QUANTITY -> TextNode.valueOf("0");
        case TIME, MICRO_TIME -> NullNode.instance;
        default -> NO_TEXT;
      };
    }
    return NullNode.instance;
  }

  private static Optional<JsonNode> text(String value) {
    return Optional.of(TextNode.valueOf(value));
  }

  private Optional<JsonNode> whole(JsonToken token, long min, long max) throws IOException {
    if (token != JsonToken.VALUE_NUMBER_INT) {
      return Optional.empty();
    }
    JsonParser.NumberType type = parser.getNumberType();
    if (type != JsonParser.NumberType.INT && type != JsonParser.NumberType.LONG) {
      return Optional.empty();
    }
    long value = parser.getLongValue();
    return value < min || value > max ? Optional.empty() : Optional.of(integer(value));
  }

  private Optional<JsonNode> number(JsonToken token) throws IOException {
    if (token == JsonToken.VALUE_NUMBER_INT) {
      return Optional.of(integer(parser));
    }
    return token == JsonToken.VALUE_NUMBER_FLOAT
        ? Optional.of(DoubleNode.valueOf(parser.getDoubleValue()))
        : Optional.empty();
  }

  private static Optional<JsonNode> quantity(String value) {
    try {
      return text(Quantity.parse(value.strip()).toString());
    } catch (QuantityFormatException e) {
      throw new UnreadableFieldException(
          "quantities must match the regular expression"
              + " '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'");
    }
  }

  private static Optional<JsonNode> bytes(String value) {
    String plain =
        value.indexOf('\n') < 0 && value.indexOf('\r') < 0
            ? value
            : value.replace("\n", "").replace("\r", "");
    try {
      // The decoder also takes text without padding, which upstream refuses.
      if (plain.length() % 4 != 0) {
        throw new IllegalArgumentException("length");
      }
      Base64.getDecoder().decode(plain);
    } catch (IllegalArgumentException e) {
      throw new UnreadableFieldException("illegal base64 data");
    }
    return text(plain);
  }
}
