package dev.ensemble.core.schema;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ensemble.core.decode.DecodeLimits;
import dev.ensemble.core.decode.DecodeOptions;
import dev.ensemble.core.decode.DecodeResult;
import dev.ensemble.core.decode.FieldValidation;
import dev.ensemble.core.decode.ObjectDecoder;
import java.util.List;
import org.junit.jupiter.api.Test;

class StructuralSchemaTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final ApiKind GADGET = ApiKind.of("example.com/v1", "Gadget");

  private static JsonNode json(String text) throws Exception {
    return JSON.readTree(text);
  }

  @Test
  void aCustomResourceIsPrunedAndKeepsItsZeros() throws Exception {
    Schema.Struct schema =
        new StructuralSchema(Definitions.builtIn())
            .read(
                "com.example.v1.Gadget",
                json(
                    """
                    {"type":"object","required":["spec"],"properties":{"spec":{"type":"object",
                     "properties":{
                      "size":{"type":"integer","format":"int32","default":1},
                      "on":{"type":"boolean"},
                      "ratio":{"type":"number"},
                      "port":{"x-kubernetes-int-or-string":true},
                      "free":{"type":"object","x-kubernetes-preserve-unknown-fields":true,
                        "properties":{"known":{"type":"string"}}},
                      "labels":{"type":"object","additionalProperties":{"type":"string"}},
                      "any":{"x-kubernetes-preserve-unknown-fields":true},
                      "pod":{"type":"object","x-kubernetes-embedded-resource":true},
                      "parts":{"type":"array","x-kubernetes-list-type":"map",
                        "x-kubernetes-list-map-keys":["id"],"items":{"type":"object",
                        "properties":{"id":{"type":"string"}}}}}}}}
                    """));
    DecodeResult result =
        new ObjectDecoder(DecodeLimits.standard())
            .decode(
                json(
                    """
                    {"metadata":{"name":"a","generation":0},"spec":{"size":0,"on":false,"ratio":2,
                     "port":"web","gone":1,"free":{"known":"k","more":{"a":[]}},"labels":{},
                     "any":[{"x":null}],"pod":{"kind":"Pod","metadata":{"labels":{},"bad":1}},
                     "parts":[{"id":"p","gone":1}]}}
                    """),
                GADGET,
                schema,
                DecodeOptions.of(FieldValidation.WARN));
    assertThat(result)
        .isEqualTo(
            new DecodeResult.Decoded(
                (ObjectNode)
                    json(
                        """
                        {"metadata":{"name":"a"},"spec":{"size":0,"on":false,"ratio":2,
                         "port":"web","free":{"known":"k","more":{"a":[]}},"labels":{},
                         "any":[{"x":null}],"pod":{"kind":"Pod","metadata":{}},
                         "parts":[{"id":"p"}]},
                         "apiVersion":"example.com/v1","kind":"Gadget"}
                        """),
                List.of(
                    "unknown field \"spec.gone\"",
                    "unknown field \"spec.pod.metadata.bad\"",
                    "unknown field \"spec.parts[0].gone\"")));
    Schema.Struct spec = (Schema.Struct) schema.field("spec").orElseThrow().schema();
    assertThat(((Schema.ListOf) spec.field("parts").orElseThrow().schema()).keys())
        .containsExactly("id");
    assertThat(spec.field("size").orElseThrow().defaultValue()).contains(JSON.valueToTree(1));
  }
}
