package dev.ensemble.core.decode;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ensemble.core.quantity.Quantity;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class CanonicalQuantityPropertyTest {

  @Property
  void theFastWayAgreesWithTheWholeOne(@ForAll("quantities") String quantity) {
    assertThat(CanonicalQuantity.of(quantity)).isEqualTo(Quantity.parse(quantity).toString());
  }

  @Example
  void usualQuantitiesTakeTheFastWay() {
    assertThat(CanonicalQuantity.isCanonical("250m")).isTrue();
    assertThat(CanonicalQuantity.isCanonical("128Mi")).isTrue();
    assertThat(CanonicalQuantity.isCanonical("1000m")).isFalse();
    assertThat(CanonicalQuantity.isCanonical("٣")).isFalse();
  }

  @Provide
  Arbitrary<String> quantities() {
    Arbitrary<Integer> numbers =
        Arbitraries.oneOf(
            Arbitraries.integers().between(0, 2_000_000),
            Arbitraries.integers().between(0, 999).map(n -> n * 1000),
            Arbitraries.integers().between(0, 999).map(n -> n * 1024));
    return Combinators.combine(
            numbers,
            Arbitraries.of("", "0", "00"),
            Arbitraries.of("", "n", "u", "m", "k", "M", "G", "T", "Ki", "Mi", "Gi", "Ti", "e3"))
        .as((number, zeros, suffix) -> zeros + number + suffix);
  }
}
