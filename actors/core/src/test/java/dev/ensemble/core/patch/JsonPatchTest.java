package dev.ensemble.core.patch;

import static dev.ensemble.core.json.Json.json;
import static dev.ensemble.core.json.Json.nested;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.ensemble.core.json.Json;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JsonPatchTest {
  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      delimiter = '|',
      value = {
        "{a:1}         | [{op:'add',path:'/b',value:2}]                      | {a:1,b:2}",
        "{a:1}         | [{op:'add',path:'/a',value:2}]                      | {a:2}",
        "{a:[1,3]}     | [{op:'add',path:'/a/1',value:2}]                    | {a:[1,2,3]}",
        "{a:[1]}       | [{op:'add',path:'/a/1',value:2}]                    | {a:[1,2]}",
        "{a:[1]}       | [{op:'add',path:'/a/-',value:[2]}]                  | {a:[1,[2]]}",
        "{a:1}         | [{op:'add',path:'',value:{b:2}}]                    | {b:2}",
        "{a:1}         | [{op:'add',path:'/',value:2}]                       | {a:1,'':2}",
        "{a:1}         | [{op:'add',path:'/b',value:null}]                   | {a:1,b:null}",
        "{'a/b':1}     | [{op:'replace',path:'/a~1b',value:2}]               | {'a/b':2}",
        "{'~1':1}      | [{op:'remove',path:'/~01'}]                         | {}",
        "{a:[1,2]}     | [{op:'remove',path:'/a/0'}]                         | {a:[2]}",
        "{a:[1,2]}     | [{op:'replace',path:'/a/1',value:3}]                | {a:[1,3]}",
        "{a:1}         | [{op:'replace',path:'',value:[]}]                   | []",
        "{a:{b:1}}     | [{op:'move',from:'/a/b',path:'/c'}]                 | {a:{},c:1}",
        "{a:[1,2,3]}   | [{op:'move',from:'/a/0',path:'/a/2'}]               | {a:[2,3,1]}",
        "{a:1}         | [{op:'move',from:'/a',path:'/a'}]                   | {a:1}",
        "{a:{b:1}}     | [{op:'copy',from:'/a',path:'/a/c'}]                 | {a:{b:1,c:{b:1}}}",
        "{a:[1]}       | [{op:'copy',from:'/a/0',path:'/a/-'}]               | {a:[1,1]}",
        "{a:1}         | [{op:'test',path:'/a',value:1.0}]                   | {a:1}",
        "{a:{b:1,c:2}} | [{op:'test',path:'/a',value:{c:2,b:1}}]             | {a:{b:1,c:2}}",
        "{a:null}      | [{op:'test',path:'/a',value:null}]                  | {a:null}",
        "{a:1}         | [{op:'test',path:'',value:{a:1}}]                   | {a:1}",
        "{a:1}         | [{op:'add',path:'/b',value:2,unknown:3}]            | {a:1,b:2}",
        "{a:1}         | []                                                  | {a:1}",
        "{a:{'0':1}}   | [{op:'replace',path:'/a/0',value:2}]                | {a:{'0':2}}",
      })
  void appliesAsTheRfcSays(String original, String patch, String result) {
    assertThat(JsonPatch.apply(json(original), json(patch))).isEqualTo(json(result));
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      delimiter = '|',
      value = {
        "[{op:'remove',path:'/absent'}]            | doc is missing path: /absent",
        "[{op:'remove',path:'/list/3'}]            | doc is missing path: /list/3",
        "[{op:'remove',path:''}]                   | the whole document cannot be removed",
        "[{op:'replace',path:'/absent',value:1}]   | doc is missing path: /absent",
        "[{op:'replace',path:'/list/3',value:1}]   | doc is missing path: /list/3",
        "[{op:'add',path:'/absent/b',value:1}]     | doc is missing path: /absent/b",
        "[{op:'add',path:'/list/4',value:1}]       | doc is missing path: /list/4",
        "[{op:'add',path:'/list/-1',value:1}]      | invalid array index",
        "[{op:'add',path:'/list/01',value:1}]      | invalid array index",
        "[{op:'add',path:'/list/1e0',value:1}]     | invalid array index",
        "[{op:'add',path:'/list/99999999999',value:1}] | invalid array index",
        "[{op:'remove',path:'/list/-'}]            | invalid array index",
        "[{op:'add',path:'/text/x',value:1}]       | doc is missing path: /text/x",
        "[{op:'add',path:'/a'}]                    | needs the member \"value\"",
        "[{op:'add',value:1}]                      | needs the text member \"path\"",
        "[{path:'/a',value:1}]                     | needs the text member \"op\"",
        "[{op:'move',path:'/a'}]                   | needs the text member \"from\"",
        "[{op:'move',from:'/list',path:'/list/0'}] | cannot be moved into its own child",
        "[{op:'move',from:'/absent',path:'/absent'}] | doc is missing path: /absent",
        "[{op:'copy',from:'/absent',path:'/b'}]    | doc is missing path: /absent",
        "[{op:'test',path:'/text',value:'y'}]      | test failed",
        "[{op:'test',path:'/absent',value:null}]   | doc is missing path: /absent",
        "[{op:'spam',path:'/a'}]                   | unexpected kind of operation: \"spam\"",
        "[{op:'add',path:'a',value:1}]             | invalid JSON pointer",
        "[{op:'add',path:'/a~2',value:1}]          | invalid JSON pointer",
        "[{op:'add',path:'/a~',value:1}]           | invalid JSON pointer",
      })
  void whatDoesNotApplyIsRefused(String patch, String message) {
    JsonNode original = json("{text:'x',list:[1,2,3]}");
    assertThatThrownBy(() -> JsonPatch.apply(original, json(patch)))
        .hasMessageContaining(message)
        .asInstanceOf(InstanceOfAssertFactories.type(PatchException.class))
        .extracting(PatchException::kind)
        .isEqualTo(PatchException.Kind.UNPROCESSABLE);
  }

  @Test
  void aFailingPatchChangesNothing() {
    JsonNode original = json("{a:{b:1}}");
    JsonNode patch = json("[{op:'remove',path:'/a/b'},{op:'remove',path:'/a/b'}]");
    assertThatThrownBy(() -> JsonPatch.apply(original, patch)).isInstanceOf(PatchException.class);
    assertThat(original).isEqualTo(json("{a:{b:1}}"));
  }

  @Test
  void oneValueAddedTwiceIsTwoValues() {
    JsonNode patch =
        json(
            "[{op:'add',path:'/a',value:{}},{op:'copy',from:'/a',path:'/b'},"
                + "{op:'add',path:'/b/c',value:1}]");
    assertThat(JsonPatch.apply(json("{}"), patch)).isEqualTo(json("{a:{},b:{c:1}}"));
    assertThat(patch.at("/0/value")).isEqualTo(json("{}"));
  }

  @Test
  void whatIsNoListOfOperationsIsMalformed() {
    for (String patch : new String[] {"{}", "'x'", "[1]", "[[]]", "null"}) {
      assertKind(json("{}"), json(patch), PatchException.Kind.MALFORMED);
    }
  }

  @Test
  void tenThousandOperationsAreTheMost() {
    ArrayNode patch = JsonNodeFactory.instance.arrayNode();
    for (int i = 0; i < JsonPatch.OPERATIONS_MAX; i++) {
      patch.add(json("{op:'test',path:'/a',value:1}"));
    }
    assertThat(JsonPatch.apply(json("{a:1}"), patch)).isEqualTo(json("{a:1}"));
    patch.add(json("{op:'test',path:'/a',value:1}"));
    assertThatThrownBy(() -> JsonPatch.apply(json("{a:1}"), patch))
        .hasMessage("The allowed maximum operations in a JSON patch is 10000, got 10001");
  }

  @Test
  void copiesThatDoubleTheDocumentAreStopped() {
    ArrayNode patch = JsonNodeFactory.instance.arrayNode();
    for (int i = 0; i < 100; i++) {
      patch.add(json("{op:'copy',from:'/a',path:'/a/-'}"));
    }
    assertThatThrownBy(() -> JsonPatch.apply(json("{a:['0123456789']}"), patch))
        .hasMessageContaining("exceed the limit");
  }

  @Test
  void depthIsBounded() {
    ArrayNode patch = JsonNodeFactory.instance.arrayNode();
    assertKind(nested(10_000), patch, PatchException.Kind.MALFORMED);
    for (int i = 0; i < 5_000; i++) {
      patch.add(Json.object("{op:'add',path:'" + "/a".repeat(i + 1) + "',value:{}}"));
    }
    assertKind(json("{}"), patch, PatchException.Kind.UNPROCESSABLE);
  }

  private static void assertKind(JsonNode original, JsonNode patch, PatchException.Kind kind) {
    assertThatThrownBy(() -> JsonPatch.apply(original, patch))
        .asInstanceOf(InstanceOfAssertFactories.type(PatchException.class))
        .extracting(PatchException::kind)
        .isEqualTo(kind);
  }
}
