package dev.ensemble.core.selector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FieldSelectorTest {
  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      delimiter = '|',
      value = {
        "``                                   | ``",
        "metadata.name=a                      | metadata.name=a",
        "metadata.name==a                     | metadata.name=a",
        "a=,b!=                               | a=,b!=",
        "a!=b,,c=d,                           | a!=b,c=d",
        "a=b\\,c                              | a=b\\,c",
        "a=b\\=c\\\\                          | a=b\\=c\\\\",
      })
  void readsAndPrints(String text, String canonical) {
    assertThat(FieldSelector.parse(text)).hasToString(canonical);
    assertThat(FieldSelector.parse(canonical)).isEqualTo(FieldSelector.parse(text));
  }

  @ParameterizedTest
  @ValueSource(strings = {"a", "a=b=c", "a=b\\", "a=b\\c", "a=b,c", "!a", "a===b"})
  void whatIsNoSelectorIsRefused(String text) {
    assertThatThrownBy(() -> FieldSelector.parse(text)).isInstanceOf(SelectorException.class);
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      delimiter = '|',
      value = {
        "``            | true",
        "x=1           | true",
        "x!=1          | false",
        "x=1,y=2       | false",
        "y=            | true",
        "y!=a          | true",
        "x=1,y!=2      | true",
      })
  void matchesFieldsThatMayBeAbsent(String selector, boolean matches) {
    Map<String, String> fields = Map.of("x", "1");
    assertThat(FieldSelector.parse(selector).matches(path -> fields.getOrDefault(path, "")))
        .isEqualTo(matches);
  }

  @Test
  void termsAreThereForIndexesAndChecks() {
    FieldSelector selector = FieldSelector.parse("spec.nodeName=n1,status.phase!=Failed");
    assertThat(selector.requiredValue("spec.nodeName")).contains("n1");
    assertThat(selector.requiredValue("status.phase")).isEmpty();
    assertThat(selector.terms())
        .isEqualTo(
            List.of(
                new FieldSelector.Term("spec.nodeName", FieldSelector.Operator.EQUALS, "n1"),
                new FieldSelector.Term(
                    "status.phase", FieldSelector.Operator.NOT_EQUALS, "Failed")));
  }

  @Property
  void anyValueSurvivesEscaping(@ForAll String value) {
    FieldSelector selector =
        new FieldSelector(
            List.of(new FieldSelector.Term("a.b", FieldSelector.Operator.EQUALS, value)));
    assertThat(FieldSelector.parse(selector.toString())).isEqualTo(selector);
  }
}
