package dev.ensemble.core.decode;

import com.fasterxml.jackson.core.JsonToken;
import dev.ensemble.core.schema.Schema;

/** Types in the words that clients know from upstream's messages. */
final class TypeNames {
  private TypeNames() {}

  static String ofToken(JsonToken token, String number) {
    return switch (token) {
      case VALUE_STRING -> "string";
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> number.isEmpty() ? "number" : "number " + number;
      case VALUE_TRUE, VALUE_FALSE -> "bool";
      case START_ARRAY -> "array";
      case START_OBJECT -> "object";
      default -> "null";
    };
  }

  static String ofSchema(Schema schema) {
    if (schema instanceof Schema.Struct struct) {
      String name = struct.name();
      int before = name.lastIndexOf('.', name.lastIndexOf('.') - 1);
      return name.substring(before + 1);
    }
    if (schema instanceof Schema.ListOf list) {
      return "[]" + ofSchema(list.element());
    }
    if (schema instanceof Schema.MapOf map) {
      return "map[string]" + ofSchema(map.value());
    }
    if (schema instanceof Schema.Scalar scalar) {
      return switch (scalar.kind()) {
        case STRING -> "string";
        case BYTES -> "[]uint8";
        case BOOLEAN -> "bool";
        case INT32 -> "int32";
        case INT64 -> "int64";
        case DOUBLE -> "float64";
        case QUANTITY -> "resource.Quantity";
        case INT_OR_STRING -> "intstr.IntOrString";
        case TIME -> "v1.Time";
        case MICRO_TIME -> "v1.MicroTime";
        case DURATION -> "v1.Duration";
      };
    }
    return "interface {}";
  }
}
