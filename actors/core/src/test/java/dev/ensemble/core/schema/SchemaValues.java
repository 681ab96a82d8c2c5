package dev.ensemble.core.schema;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;

/** Values that fit a schema, of so few names and numbers that two of them have much in common. */
public final class SchemaValues {
  private static final List<String> WORDS = List.of("a", "b", "c");

  private final Random random;

  private SchemaValues(Random random) {
    this.random = random;
  }

  /** Objects without nulls, and without the named fields of the root. */
  public static Arbitrary<ObjectNode> of(Schema.Struct schema, String... withoutFields) {
    return Arbitraries.randomValue(
        random -> new SchemaValues(random).object(schema).without(List.of(withoutFields)));
  }

  private JsonNode value(Schema schema) {
    if (schema instanceof Schema.Struct struct) {
      return object(struct);
    }
    if (schema instanceof Schema.MapOf map) {
      ObjectNode object = JsonNodeFactory.instance.objectNode();
      WORDS.stream()
          .filter(word -> random.nextBoolean())
          .forEach(word -> object.set(word, value(map.value())));
      return object;
    }
    if (schema instanceof Schema.ListOf list) {
      return list(list);
    }
    if (schema instanceof Schema.Scalar scalar) {
      return switch (scalar.kind()) {
        case BOOLEAN -> BooleanNode.valueOf(random.nextBoolean());
        case INT32, INT64 -> IntNode.valueOf(random.nextInt(3));
        default -> TextNode.valueOf(word());
      };
    }
    return JsonNodeFactory.instance.objectNode().put(word(), random.nextInt(2));
  }

  private ObjectNode object(Schema.Struct struct) {
    ObjectNode object = JsonNodeFactory.instance.objectNode();
    for (Schema.Field field : struct.fields().values()) {
      if (!field.name().equals("managedFields") && random.nextBoolean()) {
        object.set(field.name(), value(field.schema()));
      }
    }
    return object;
  }

  private ArrayNode list(Schema.ListOf list) {
    ArrayNode array = JsonNodeFactory.instance.arrayNode();
    Set<JsonNode> seen = new HashSet<>();
    for (int i = random.nextInt(4); i > 0; i--) {
      JsonNode element = value(list.element());
      JsonNode key = element;
      if (element instanceof ObjectNode object && list.kind() == Schema.ListKind.MAP) {
        ObjectNode keys = JsonNodeFactory.instance.objectNode();
        for (String name : list.keys()) {
          JsonNode given =
              ((Schema.Struct) list.element()).field(name).orElseThrow().schema()
                      instanceof Schema.Scalar scalar
                  ? value(scalar)
                  : TextNode.valueOf(word());
          object.set(name, given);
          keys.set(name, given);
        }
        key = keys;
      }
      if (list.kind() == Schema.ListKind.ATOMIC || seen.add(key)) {
        array.add(element);
      }
    }
    return array;
  }

  private String word() {
    return WORDS.get(random.nextInt(WORDS.size()));
  }
}
