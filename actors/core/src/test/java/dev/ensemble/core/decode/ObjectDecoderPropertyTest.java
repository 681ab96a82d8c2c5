package dev.ensemble.core.decode;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ensemble.core.schema.ApiKind;
import dev.ensemble.core.schema.Definitions;
import dev.ensemble.core.schema.Schema;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** Objects made by walking the schema at random, with a misfit now and then. */
class ObjectDecoderPropertyTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
  private static final List<ApiKind> KINDS =
      List.of(
          ApiKind.of("v1", "Pod"),
          ApiKind.of("v1", "Node"),
          ApiKind.of("v1", "Service"),
          ApiKind.of("v1", "Secret"),
          ApiKind.of("apps/v1", "Deployment"),
          ApiKind.of("events.k8s.io/v1", "Event"));
  private static final DecodeOptions STRICT = DecodeOptions.of(FieldValidation.STRICT);
  private static final DecodeOptions IGNORE = DecodeOptions.of(FieldValidation.IGNORE);

  private final ObjectDecoder decoder = new ObjectDecoder(DecodeLimits.standard());

  @Property(tries = 400)
  void whatIsDecodedDecodesToItselfAndHasNoProblemAndNoNull(@ForAll long seed) throws Exception {
    Random random = new Random(seed);
    ApiKind kind = KINDS.get(random.nextInt(KINDS.size()));
    Schema.Struct schema = Definitions.builtIn().byKind(kind).orElseThrow();
    ObjectNode body = (ObjectNode) value(schema, random, 0);
    body.remove(List.of("apiVersion", "kind"));
    int misfits = random.nextInt(3);

    DecodeResult result =
        decoder.decode(
            BodyFormat.JSON,
            JSON.writeValueAsBytes(misfits == 0 ? misfit(body, random) : body),
            kind,
            schema,
            IGNORE);
    if (result instanceof DecodeResult.Refused refused) {
      assertThat(misfits).as(refused.message()).isZero();
      return;
    }
    ObjectNode decoded = ((DecodeResult.Decoded) result).object();
    assertThat(decoder.decode(decoded, kind, schema, STRICT))
        .isEqualTo(new DecodeResult.Decoded(decoded, List.of()));
    assertThat(JSON.readTree(JSON.writeValueAsBytes(decoded))).isEqualTo(decoded);
    assertThat(decoded.toString()).doesNotContain("null");
  }

  private static ObjectNode misfit(ObjectNode body, Random random) {
    ObjectNode at = body;
    while (at.size() > 0 && random.nextInt(3) > 0) {
      List<JsonNode> below = new ArrayList<>();
      at.elements().forEachRemaining(below::add);
      JsonNode next = below.get(random.nextInt(below.size()));
      if (!(next instanceof ObjectNode object)) {
        break;
      }
      at = object;
    }
    List<String> names = new ArrayList<>();
    at.fieldNames().forEachRemaining(names::add);
    if (!names.isEmpty()) {
      at.set(names.get(random.nextInt(names.size())), NODES.numberNode(1.5));
    }
    return body;
  }

  private static JsonNode value(Schema schema, Random random, int depth) {
    if (schema instanceof Schema.Struct struct) {
      ObjectNode object = NODES.objectNode();
      for (Schema.Field field : struct.fields().values()) {
        if (random.nextInt(depth + 1) == 0) {
          object.set(
              field.name(),
              random.nextInt(8) == 0 ? NODES.nullNode() : value(field.schema(), random, depth + 1));
        }
      }
      if (random.nextInt(10) == 0) {
        object.put("notAField", 1);
      }
      return object;
    }
    if (schema instanceof Schema.ListOf list) {
      var array = NODES.arrayNode();
      for (int i = random.nextInt(3); i > 0; i--) {
        array.add(
            random.nextInt(9) == 0 && !(list.element() instanceof Schema.Any)
                ? NODES.nullNode()
                : value(list.element(), random, depth + 1));
      }
      return array;
    }
    if (schema instanceof Schema.MapOf map) {
      ObjectNode object = NODES.objectNode();
      for (int i = random.nextInt(3); i > 0; i--) {
        object.set(
            "key" + i,
            random.nextInt(9) == 0 ? NODES.nullNode() : value(map.value(), random, depth + 1));
      }
      return object;
    }
    return schema instanceof Schema.Scalar scalar
        ? scalar(scalar.kind(), random)
        : NODES.objectNode().put("f:x", 1);
  }

  private static JsonNode scalar(Schema.ScalarKind kind, Random random) {
    boolean zero = random.nextInt(4) == 0;
    return switch (kind) {
      case STRING -> NODES.textNode(zero ? "" : "text");
      case BYTES -> NODES.textNode(zero ? "" : "AP8=");
      case BOOLEAN -> NODES.booleanNode(!zero);
      case INT32 -> NODES.numberNode(zero ? 0 : random.nextInt());
      case INT64 -> NODES.numberNode(zero ? 0 : random.nextLong());
      case DOUBLE -> NODES.numberNode(zero ? 0 : random.nextDouble());
      case QUANTITY -> zero ? NODES.numberNode(0.5) : NODES.textNode(random.nextInt(5000) + "Mi");
      case INT_OR_STRING -> zero ? NODES.numberNode(0) : NODES.textNode("25%");
      case TIME, MICRO_TIME ->
          NODES.textNode(zero ? "2024-05-31T23:59:59.999999999+14:00" : "2024-05-31T01:02:03Z");
      case DURATION -> NODES.textNode("5s");
    };
  }
}
