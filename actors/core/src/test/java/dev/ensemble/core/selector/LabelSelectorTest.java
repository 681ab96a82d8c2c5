package dev.ensemble.core.selector;

import static dev.ensemble.core.json.Json.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.NullNode;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LabelSelectorTest {
  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      delimiter = '|',
      value = {
        "``                     | ``",
        "`  `                   | ``",
        "a=b                    | a=b",
        "a==b                   | a==b",
        "a = b                  | a=b",
        "b=1,a=2                | a=2,b=1",
        "a!=b                   | a!=b",
        "a=                     | a=",
        "a!=,b                  | a!=,b",
        "a                      | a",
        "!a                     | !a",
        "! a                    | !a",
        "a in (c, b,b)          | a in (b,c)",
        "a notin(b)             | a notin (b)",
        "a in ()                | a in ()",
        "a in (,)               | a in ()",
        "a in (,b)              | a in (,b)",
        "a in (b,,c)            | a in (,b,c)",
        "in in (in, notin)      | in in (in,notin)",
        "notin=in               | notin=in",
        "a>1,b<2                | a>1,b<2",
        "x.y/z-1_2=A.b          | x.y/z-1_2=A.b",
        "a notin (b),!c,d=e     | a notin (b),!c,d=e",
      })
  void readsAndPrintsTheCanonicalForm(String text, String canonical) {
    LabelSelector selector = LabelSelector.parse(text);
    assertThat(selector).hasToString(canonical);
    assertThat(LabelSelector.parse(canonical)).isEqualTo(selector).hasSameHashCodeAs(selector);
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      delimiter = '|',
      value = {
        "a=b=c        | found '=', expected: ',' or 'end of string'",
        "a b          | unable to parse requirement: found 'b', expected: in, notin, =, ==, !=, gt,"
            + " lt",
        "a=b,         | found '', expected: identifier after ','",
        ",a           | found ',', expected: !, identifier, or 'end of string'",
        "a=b,,c       | found ',', expected: identifier after ','",
        "!            | unable to parse requirement: found '', expected: identifier",
        "!a=b         | found '=', expected: ',' or 'end of string'",
        "a in b       | unable to parse requirement: found 'b', expected: '('",
        "a in (b      | unable to parse requirement: found '', expected: ',' or ')'",
        "a in (b c)   | unable to parse requirement: found 'c', expected: ',' or ')'",
        "a in (=)     | unable to parse requirement: found '=', expected: ',', ')' or identifier",
        "a=!b         | unable to parse requirement: found '!', expected: identifier",
        "a in (b))    | found ')', expected: ',' or 'end of string'",
        "a>b          | for 'Gt', 'Lt' operators, exactly one value is required",
        "-a=b         | key: Invalid value: \"-a\": name part must consist of",
        "a/b/c=d      | key: Invalid value: \"a/b/c\": a valid label key",
        "/a=d         | prefix part must be non-empty",
        "A.b/a=d      | prefix part a lowercase RFC 1123 subdomain",
        "a..b/a=d     | prefix part a lowercase RFC 1123 subdomain",
        "a-/a=d       | prefix part a lowercase RFC 1123 subdomain",
        "a/=d         | name part must be non-empty",
        "a=b-         | values[0][a]: Invalid value: \"b-\": a valid label must be",
        "a in (b,_c)  | values[0][a]: Invalid value: \"_c\"",
      })
  void whatIsNoSelectorIsRefused(String text, String message) {
    assertThatThrownBy(() -> LabelSelector.parse(text))
        .isInstanceOf(SelectorException.class)
        .hasMessageContaining(message);
  }

  @Test
  void lengthsAreBounded() {
    String name = "a".repeat(63);
    assertThat(LabelSelector.parse(name + "=" + name)).hasToString(name + "=" + name);
    assertThatThrownBy(() -> LabelSelector.parse(name + "a=b"))
        .hasMessageContaining("no more than 63");
    assertThatThrownBy(() -> LabelSelector.parse("a=" + name + "b"))
        .hasMessageContaining("no more than 63");
    assertThatThrownBy(() -> LabelSelector.parse("a".repeat(254) + "/b"))
        .hasMessageContaining("no more than 253");
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      delimiter = '|',
      value = {
        "``                | ``        | true",
        "``                | a=b       | true",
        "a=b               | a=b,c=d   | true",
        "a=b               | a=c       | false",
        "a=b               | ``        | false",
        "a=                | a=        | true",
        "a=                | ``        | false",
        "a!=b              | ``        | true",
        "a!=b              | a=c       | true",
        "a!=b              | a=b       | false",
        "a in (b,c)        | a=c       | true",
        "a in (b,c)        | a=d       | false",
        "a in (b,c)        | ``        | false",
        "a notin (b)       | ``        | true",
        "a notin (b)       | a=b       | false",
        "a                 | a=        | true",
        "a                 | b=        | false",
        "!a                | b=        | true",
        "!a                | a=        | false",
        "a>1               | a=2       | true",
        "a>1               | a=1       | false",
        "a>1               | a=x       | false",
        "a>1               | ``        | false",
        "a<10              | a=9       | true",
        "a<10              | a=x       | false",
        "a=b,!c            | a=b       | true",
        "a=b,!c            | a=b,c=d   | false",
      })
  void matchesLabels(String selector, String labels, boolean matches) {
    assertThat(LabelSelector.parse(selector).matches(labels(labels))).isEqualTo(matches);
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      delimiter = '|',
      value = {
        "{}                                                            | ``",
        "{matchLabels:{b:'2',a:'1'}}                                   | a=1,b=2",
        "{matchExpressions:[{key:'a',operator:'In',values:['c','b']}]} | a in (b,c)",
        "{matchExpressions:[{key:'a',operator:'NotIn',values:['b']}]}  | a notin (b)",
        "{matchExpressions:[{key:'a',operator:'Exists'}]}              | a",
        "{matchLabels:{z:'1'},matchExpressions:[{key:'a',operator:'DoesNotExist'}]} | !a,z=1",
      })
  void readsTheObjectForm(String object, String canonical) {
    assertThat(LabelSelector.fromObject(json(object))).hasToString(canonical);
  }

  @Test
  void anAbsentObjectSelectsNothingAndAnEmptyOneEverything() {
    assertThat(LabelSelector.fromObject(NullNode.getInstance())).isEqualTo(LabelSelector.nothing());
    assertThat(LabelSelector.fromObject(MissingNode.getInstance()).matches(Map.of())).isFalse();
    assertThat(LabelSelector.fromObject(json("{}")).isEverything()).isTrue();
    assertThat(LabelSelector.nothing()).isNotEqualTo(LabelSelector.everything());
    assertThat(LabelSelector.ofLabels(Map.of("b", "c", "a", ""))).hasToString("a=,b=c");
  }

  @Test
  void anUnknownOperatorIsRefused() {
    assertThatThrownBy(
            () -> LabelSelector.fromObject(json("{matchExpressions:[{key:'a',operator:'Gt'}]}")))
        .hasMessage("\"Gt\" is not a valid label selector operator");
  }

  private static Map<String, String> labels(String text) {
    Map<String, String> labels = new TreeMap<>();
    for (String label : text.isEmpty() ? new String[0] : text.split(",")) {
      labels.put(label.substring(0, label.indexOf('=')), label.substring(label.indexOf('=') + 1));
    }
    return labels;
  }
}
