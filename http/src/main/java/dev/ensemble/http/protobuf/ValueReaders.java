package dev.ensemble.http.protobuf;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.DoubleNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import dev.ensemble.core.decode.Times;
import dev.ensemble.core.schema.Schema;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Readers of values by schema. Some types are messages on the wire and plain values in JSON: times,
 * quantities, numbers that may be text, raw JSON, lists that may be absent.
 */
final class ValueReaders {
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final long INT_OR_STRING_IS_STRING = 1;

  private final Map<String, MessagePlan> plans = new ConcurrentHashMap<>();

  /** The plan of a message type; a struct of one name always has one shape. */
  MessagePlan plan(Descriptor message, Schema.Struct struct) {
    String key = message.getFullName() + ">" + struct.name();
    MessagePlan known = plans.get(key);
    if (known == null) {
      // Not computeIfAbsent: plans of recursive types ask for themselves, but only when read.
      known = new MessagePlan(message, struct, this);
      plans.put(key, known);
    }
    return known;
  }

  ValueReader of(FieldDescriptor field, Schema schema) {
    if (schema instanceof Schema.MapOf map) {
      require(field.isMapField(), field, schema);
      return map(field, map);
    }
    if (schema instanceof Schema.ListOf list) {
      if (!field.isRepeated()) {
        return wrappedList(field, list);
      }
      ValueReader element = single(field, list.element());
      return value -> list((List<?>) value, element);
    }
    require(!field.isRepeated(), field, schema);
    return single(field, schema);
  }

  static boolean isZero(JsonNode node) {
    return switch (node.getNodeType()) {
      case OBJECT, ARRAY -> node.isEmpty();
      case STRING -> node.textValue().isEmpty();
      case BOOLEAN -> !node.booleanValue();
      case NUMBER -> node.doubleValue() == 0;
      default -> false;
    };
  }

  private ValueReader map(FieldDescriptor field, Schema.MapOf map) {
    FieldDescriptor keys = field.getMessageType().findFieldByNumber(1);
    FieldDescriptor values = field.getMessageType().findFieldByNumber(2);
    ValueReader reader = of(values, map.value());
    return value -> {
      ObjectNode object = NODES.objectNode();
      for (Object entry : (List<?>) value) {
        Message pair = (Message) entry;
        JsonNode read = reader.read(pair.getField(values));
        object.set((String) pair.getField(keys), read);
      }
      return object;
    };
  }

  /** A list in a message of its own, so that no list and an empty list differ on the wire. */
  private ValueReader wrappedList(FieldDescriptor field, Schema.ListOf list) {
    List<FieldDescriptor> fields = field.getMessageType().getFields();
    require(fields.size() == 1 && fields.get(0).isRepeated(), field, list);
    ValueReader element = single(fields.get(0), list.element());
    return value -> list((List<?>) ((Message) value).getField(fields.get(0)), element);
  }

  private static ArrayNode list(List<?> values, ValueReader element)
      throws InvalidProtobufException {
    ArrayNode list = NODES.arrayNode();
    for (Object value : values) {
      list.add(element.read(value));
    }
    return list;
  }

  private ValueReader single(FieldDescriptor field, Schema schema) {
    if (schema instanceof Schema.Struct struct) {
      require(field.getJavaType() == FieldDescriptor.JavaType.MESSAGE, field, schema);
      Descriptor message = field.getMessageType();
      return value -> {
        ObjectNode object = NODES.objectNode();
        plan(message, struct).read((Message) value, object);
        return object;
      };
    }
    if (schema instanceof Schema.Scalar scalar) {
      return scalar(field, scalar);
    }
    require(schema instanceof Schema.Any, field, schema);
    FieldDescriptor raw = only(field, schema, "raw", "Raw");
    return value -> json((ByteString) ((Message) value).getField(raw));
  }

  private static ValueReader scalar(FieldDescriptor field, Schema.Scalar schema) {
    FieldDescriptor.JavaType type = field.getJavaType();
    switch (schema.kind()) {
      case STRING -> {
        require(type == FieldDescriptor.JavaType.STRING, field, schema);
        return value -> TextNode.valueOf((String) value);
      }
      case BYTES -> {
        require(type == FieldDescriptor.JavaType.BYTE_STRING, field, schema);
        return value ->
            TextNode.valueOf(
                Base64.getEncoder().encodeToString(((ByteString) value).toByteArray()));
      }
      case BOOLEAN -> {
        require(type == FieldDescriptor.JavaType.BOOLEAN, field, schema);
        return value -> BooleanNode.valueOf((Boolean) value);
      }
      case INT32, INT64 -> {
        require(
            type == FieldDescriptor.JavaType.INT || type == FieldDescriptor.JavaType.LONG,
            field,
            schema);
        return value -> integer(((Number) value).longValue());
      }
      case DOUBLE -> {
        require(type == FieldDescriptor.JavaType.DOUBLE, field, schema);
        return value -> DoubleNode.valueOf((Double) value);
      }
      case QUANTITY -> {
        FieldDescriptor text = only(field, schema, "string");
        return value -> quantity((String) ((Message) value).getField(text));
      }
      case INT_OR_STRING -> {
        return intOrString(field, schema);
      }
      case TIME, MICRO_TIME -> {
        return time(field, schema);
      }
      case DURATION -> throw noRule(field, schema);
    }
    throw noRule(field, schema);
  }

  private static JsonNode integer(long value) {
    return value == (int) value ? IntNode.valueOf((int) value) : LongNode.valueOf(value);
  }

  /** A quantity that was never set is no text at all. */
  private static JsonNode quantity(String text) {
    return TextNode.valueOf(text.isEmpty() ? "0" : text);
  }

  private static ValueReader intOrString(FieldDescriptor field, Schema schema) {
    FieldDescriptor type = only(field, schema, "type");
    FieldDescriptor number = only(field, schema, "intVal");
    FieldDescriptor text = only(field, schema, "strVal");
    return value -> {
      Message message = (Message) value;
      return ((Number) message.getField(type)).longValue() == INT_OR_STRING_IS_STRING
          ? TextNode.valueOf((String) message.getField(text))
          : integer(((Number) message.getField(number)).longValue());
    };
  }

  /** The zero time is an empty message; the epoch is one with zeros in it. */
  private static ValueReader time(FieldDescriptor field, Schema.Scalar schema) {
    FieldDescriptor seconds = only(field, schema, "seconds");
    FieldDescriptor nanos = only(field, schema, "nanos");
    boolean micros = schema.kind() == Schema.ScalarKind.MICRO_TIME;
    return value -> {
      Message message = (Message) value;
      if (message.getAllFields().isEmpty()) {
        return NullNode.instance;
      }
      try {
        Instant time =
            Instant.ofEpochSecond(
                (Long) message.getField(seconds), (Integer) message.getField(nanos));
        return TextNode.valueOf(micros ? Times.micros(time) : Times.seconds(time));
      } catch (DateTimeException e) {
        throw new InvalidProtobufException(field.getName() + " is not a time");
      }
    };
  }

  private static JsonNode json(ByteString raw) throws InvalidProtobufException {
    if (raw.isEmpty()) {
      return NullNode.instance;
    }
    try {
      return JSON.readTree(raw.newInput());
    } catch (IOException e) {
      throw new InvalidProtobufException("an embedded object is not JSON");
    }
  }

  private static FieldDescriptor only(FieldDescriptor field, Schema schema, String... names) {
    require(field.getJavaType() == FieldDescriptor.JavaType.MESSAGE, field, schema);
    for (String name : names) {
      FieldDescriptor found = field.getMessageType().findFieldByName(name);
      if (found != null) {
        return found;
      }
    }
    throw noRule(field, schema);
  }

  private static void require(boolean fits, FieldDescriptor field, Schema schema) {
    if (!fits) {
      throw noRule(field, schema);
    }
  }

  private static IllegalStateException noRule(FieldDescriptor field, Schema schema) {
    return new IllegalStateException(
        field.getFullName() + " (" + field.getType() + ") does not fit its schema " + schema);
  }
}
