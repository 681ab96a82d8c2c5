package dev.ensemble.core.json;

import static dev.ensemble.core.json.Json.json;
import static dev.ensemble.core.json.Json.nested;
import static dev.ensemble.core.json.Json.object;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MergePatchTest {
  /** Appendix A of RFC 7386, as far as target and patch are objects, and a few more. */
  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      delimiter = '|',
      value = {
        "{a:'b'}            | {a:'c'}                | {a:'c'}",
        "{a:'b'}            | {b:'c'}                | {a:'b',b:'c'}",
        "{a:'b'}            | {a:null}               | {}",
        "{a:'b',b:'c'}      | {a:null}               | {b:'c'}",
        "{a:['b']}          | {a:'c'}                | {a:'c'}",
        "{a:'c'}            | {a:['b']}              | {a:['b']}",
        "{a:{b:'c'}}        | {a:{b:'d',c:null}}     | {a:{b:'d'}}",
        "{a:[{b:'c'}]}      | {a:[1]}                | {a:[1]}",
        "{e:null}           | {a:1}                  | {e:null,a:1}",
        "{}                 | {a:{bb:{ccc:null}}}    | {a:{bb:{}}}",
        "{a:'foo'}          | {a:{b:null,c:1}}       | {a:{c:1}}",
        "{a:[1,2]}          | {a:[null,{b:null}]}    | {a:[null,{b:null}]}",
      })
  void appliesAsTheRfcSays(String target, String patch, String result) {
    assertThat(MergePatch.apply(object(target), object(patch))).isEqualTo(json(result));
    assertThat(MergePatch.applySharing(object(target), object(patch))).isEqualTo(json(result));
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      delimiter = '|',
      value = {
        "{a:1}              | {a:1}              | {}",
        "{a:{b:1,c:2},d:3}  | {a:{b:1,c:4},d:3}  | {a:{c:4}}",
        "{a:{b:1,c:2}}      | {a:{b:1}}          | {a:{c:null}}",
        "{a:{b:1}}          | {a:{}}             | {a:{b:null}}",
        "{a:{b:1}}          | {}                 | {a:null}",
        "{}                 | {a:{}}             | {a:{}}",
        "{a:[1,2]}          | {a:[1,3]}          | {a:[1,3]}",
        "{a:[{b:1}]}        | {a:[{b:1}]}        | {}",
        "{a:1}              | {a:1.0}            | {a:1.0}",
        "{a:null}           | {}                 | {}",
        "{a:null}           | {a:1}              | {a:1}",
        "{a:[{b:null}]}     | {a:[{c:null}]}     | {a:[{c:null}]}",
      })
  void theDifferenceSaysOnlyWhatChanged(String from, String to, String patch) {
    assertThat(MergePatch.diff(object(from), object(to))).isEqualTo(json(patch));
  }

  @Test
  void anIntAndALongOfOneValueAreNoDifference() {
    ObjectNode from = object("{a:{}}");
    ObjectNode to = object("{a:{}}");
    ((ObjectNode) from.get("a")).set("x", IntNode.valueOf(7));
    ((ObjectNode) to.get("a")).set("x", LongNode.valueOf(7));
    assertThat(MergePatch.diff(from, to)).isEmpty();
  }

  @Test
  void theResultOfApplyCanBeChangedWithoutChangingItsSources() {
    ObjectNode target = object("{a:{b:1},x:[{y:1}]}");
    ObjectNode patch = object("{c:{d:[{e:1}]}}");
    ObjectNode result = MergePatch.apply(target, patch);
    ((ObjectNode) result.get("a")).put("b", 2);
    ((ObjectNode) result.at("/x/0")).put("y", 2);
    ((ObjectNode) result.at("/c/d/0")).put("e", 2);
    assertThat(target).isEqualTo(json("{a:{b:1},x:[{y:1}]}"));
    assertThat(patch).isEqualTo(json("{c:{d:[{e:1}]}}"));
  }

  @Test
  void depthIsBounded() {
    ObjectNode deep = nested(10_000);
    ObjectNode flat = object("{a:1}");
    assertThatThrownBy(() -> MergePatch.apply(flat, deep))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> MergePatch.applySharing(flat, deep))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> MergePatch.diff(deep, nested(10_000)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(JsonDepth.exceeded(nested(JsonDepth.MAX))).isFalse();
    assertThat(JsonDepth.exceeded(nested(JsonDepth.MAX + 1))).isTrue();
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      delimiter = '|',
      value = {
        "1        | 1.0        | true",
        "1        | 1e0        | true",
        "1        | 2          | false",
        "1        | '1'        | false",
        "{a:1,b:2}| {b:2,a:1}  | true",
        "{a:1}    | {a:1,b:2}  | false",
        "[1,2]    | [2,1]      | false",
        "99999999999999999999 | 99999999999999999999 | true",
        "null     | null       | true",
        "null     | false      | false",
      })
  void equalityIsThatOfValues(String left, String right, boolean equal) {
    assertThat(JsonEquality.equal(json(left), json(right))).isEqualTo(equal);
    assertThat(JsonEquality.equal(json(right), json(left))).isEqualTo(equal);
  }
}
