package dev.ensemble.http.protobuf;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import dev.ensemble.core.schema.Schema;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * How one message type becomes fields of one struct. Made once: what a field is called, and whether
 * it is a field at all or, as embedded Go structs are, a message whose fields stand in its parent.
 *
 * <p>Fields without a partner in the schema are newer than the schema and pruned, as unknown fields
 * are.
 */
final class MessagePlan {
  /** Message fields whose JSON name is another. */
  private static final Map<String, String> RENAMED =
      Map.of("k8s.io.api.authentication.v1.BoundObjectReference.uID", "uid");

  private final Map<FieldDescriptor, Step> steps = new HashMap<>();
  private final Set<String> withoutPartner = new TreeSet<>();
  private final Set<String> covered = new HashSet<>();

  /** What to do with the value of one field. */
  private interface Step {
    void take(Object value, ObjectNode into) throws InvalidProtobufException;
  }

  MessagePlan(Descriptor message, Schema.Struct struct, ValueReaders readers) {
    for (FieldDescriptor field : message.getFields()) {
      Optional<Schema.Field> partner =
          struct.field(RENAMED.getOrDefault(field.getFullName(), field.getName()));
      if (partner.isPresent()) {
        covered.add(partner.get().name());
        steps.put(field, named(partner.get(), readers.of(field, partner.get().schema())));
      } else if (isInlined(field, struct)) {
        MessagePlan inlined = new MessagePlan(field.getMessageType(), struct, readers);
        covered.addAll(inlined.covered);
        withoutPartner.addAll(inlined.withoutPartner);
        steps.put(field, (value, into) -> inlined.read((Message) value, into));
      } else {
        withoutPartner.add(field.getFullName());
      }
    }
  }

  private static boolean isInlined(FieldDescriptor field, Schema.Struct struct) {
    return field.getJavaType() == FieldDescriptor.JavaType.MESSAGE
        && !field.isRepeated()
        && field.getMessageType().getFields().stream()
            .anyMatch(inner -> struct.field(inner.getName()).isPresent());
  }

  private static Step named(Schema.Field field, ValueReader reader) {
    boolean dropped = field.zero() == Schema.Zero.DROPPED;
    return (value, into) -> {
      JsonNode node = reader.read(value);
      if (!node.isNull() && !(dropped && ValueReaders.isZero(node))) {
        into.set(field.name(), node);
      }
    };
  }

  void read(Message message, ObjectNode into) throws InvalidProtobufException {
    for (Map.Entry<FieldDescriptor, Object> entry : message.getAllFields().entrySet()) {
      Step step = steps.get(entry.getKey());
      if (step != null) {
        step.take(entry.getValue(), into);
      }
    }
  }

  /** Message fields that the schema does not name. */
  Set<String> withoutPartner() {
    return withoutPartner;
  }

  /** Fields of the struct that some field of the message becomes. */
  Set<String> covered() {
    return covered;
  }
}
