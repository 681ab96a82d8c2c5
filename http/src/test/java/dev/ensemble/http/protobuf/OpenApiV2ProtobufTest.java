package dev.ensemble.http.protobuf;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.UnknownFieldSet;
import dev.ensemble.core.openapi.OpenApiDocuments;
import dev.ensemble.core.resource.BuiltInResources;
import dev.ensemble.core.schema.Definitions;
import org.junit.jupiter.api.Test;

class OpenApiV2ProtobufTest {

  @Test
  void aSchemaIsWrittenWithThePublishedFieldNumbers() throws Exception {
    ObjectNode document =
        (ObjectNode)
            new ObjectMapper()
                .readTree(
                    """
                    {"swagger":"2.0","info":{"title":"t","version":"v"},"paths":{},
                     "definitions":{"A":{"type":"object","required":["b"],"properties":
                      {"b":{"$ref":"#/definitions/B"},
                       "c":{"type":"array","items":{"type":"string","format":"byte"},
                        "x-kubernetes-list-type":"set"}}}}}
                    """);
    UnknownFieldSet message = UnknownFieldSet.parseFrom(OpenApiV2Protobuf.encode(document));
    assertThat(text(message, 1)).isEqualTo("2.0");
    UnknownFieldSet named = inner(inner(message, 9), 1);
    assertThat(text(named, 1)).isEqualTo("A");
    UnknownFieldSet schema = inner(named, 2);
    assertThat(text(schema, 19)).isEqualTo("b");
    assertThat(text(inner(schema, 22), 1)).isEqualTo("object");
    UnknownFieldSet properties = inner(schema, 25);
    UnknownFieldSet reference = inner(inner(properties, 1, 0), 2);
    assertThat(text(reference, 1)).isEqualTo("#/definitions/B");
    UnknownFieldSet list = inner(inner(properties, 1, 1), 2);
    assertThat(text(inner(inner(list, 23), 1), 2)).isEqualTo("byte");
    UnknownFieldSet extension = inner(list, 31);
    assertThat(text(extension, 1)).isEqualTo("x-kubernetes-list-type");
    assertThat(text(inner(extension, 2), 2)).isEqualTo("\"set\"");
  }

  @Test
  void theWholeDocumentHasEveryDefinitionAndPath() throws Exception {
    ObjectNode document =
        new OpenApiDocuments(BuiltInResources.types(), Definitions.builtIn(), "v1.35.0").v2();
    UnknownFieldSet message = UnknownFieldSet.parseFrom(OpenApiV2Protobuf.encode(document));
    assertThat(inner(message, 8).getField(2).getLengthDelimitedList())
        .hasSize(document.get("paths").size());
    assertThat(inner(message, 9).getField(1).getLengthDelimitedList())
        .hasSize(document.get("definitions").size());
  }

  private static String text(UnknownFieldSet message, int field) {
    return message.getField(field).getLengthDelimitedList().get(0).toStringUtf8();
  }

  private static UnknownFieldSet inner(UnknownFieldSet message, int field) throws Exception {
    return inner(message, field, 0);
  }

  private static UnknownFieldSet inner(UnknownFieldSet message, int field, int index)
      throws Exception {
    return UnknownFieldSet.parseFrom(message.getField(field).getLengthDelimitedList().get(index));
  }
}
