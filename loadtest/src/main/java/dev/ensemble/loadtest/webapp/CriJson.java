package dev.ensemble.loadtest.webapp;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import java.util.Map;

/**
 * Reads messages from what containerd tells of them in verbose answers: JSON with the fields' own
 * names and numbers for enums. Fields that we do not know are left out.
 */
final class CriJson {
  private CriJson() {}

  static <B extends Message.Builder> B read(JsonNode json, B builder) {
    for (Map.Entry<String, JsonNode> entry : json.properties()) {
      FieldDescriptor field = builder.getDescriptorForType().findFieldByName(entry.getKey());
      if (field != null && !entry.getValue().isNull()) {
        set(field, entry.getValue(), builder);
      }
    }
    return builder;
  }

  private static void set(FieldDescriptor field, JsonNode value, Message.Builder builder) {
    if (field.isMapField()) {
      for (Map.Entry<String, JsonNode> entry : value.properties()) {
        Message.Builder pair = builder.newBuilderForField(field);
        pair.setField(field.getMessageType().findFieldByName("key"), entry.getKey());
        FieldDescriptor content = field.getMessageType().findFieldByName("value");
        pair.setField(content, one(content, entry.getValue(), pair));
        builder.addRepeatedField(field, pair.build());
      }
    } else if (field.isRepeated()) {
      value.forEach(item -> builder.addRepeatedField(field, one(field, item, builder)));
    } else {
      builder.setField(field, one(field, value, builder));
    }
  }

  private static Object one(FieldDescriptor field, JsonNode value, Message.Builder parent) {
    return switch (field.getJavaType()) {
      case STRING -> value.asText();
      case BOOLEAN -> value.asBoolean();
      case INT -> value.asInt();
      case LONG -> value.asLong();
      case ENUM -> field.getEnumType().findValueByNumber(value.asInt());
      case MESSAGE -> read(value, parent.newBuilderForField(field)).build();
      default -> throw new IllegalArgumentException(field.getFullName() + " is not expected");
    };
  }
}
