package dev.ensemble.core.quantity;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class QuantityPropertyTest {
  @Provide
  Arbitrary<String> quantities() {
    return Combinators.combine(
            Arbitraries.of("", "-", "+"),
            Arbitraries.longs().between(0, 999_999_999),
            Arbitraries.of("", ".5", ".001", ".123456789", "."),
            Arbitraries.of(
                "", "n", "u", "m", "k", "M", "G", "T", "P", "E", "Ki", "Mi", "Gi", "Ti", "e3",
                "E-2", "e+12"))
        .as((sign, whole, fraction, suffix) -> sign + whole + fraction + suffix);
  }

  @Property
  void theCanonicalFormReadsBackAsTheSameAmount(@ForAll("quantities") String text) {
    Quantity quantity = Quantity.parse(text);
    Quantity again = Quantity.parse(quantity.toString());
    assertThat(again).isEqualTo(quantity);
    // 562.5Ki is written 576000, which itself is no binary form and would be written 576k.
    Quantity settled = text.endsWith("i") ? Quantity.parse(again.toString()) : quantity;
    assertThat(again).hasToString(settled.toString());
  }

  @Property
  void subtractingWhatWasAddedGivesTheFirst(
      @ForAll("quantities") String left, @ForAll("quantities") String right) {
    Quantity first = Quantity.parse(left);
    Quantity second = Quantity.parse(right);
    assertThat(first.add(second).subtract(second)).isEqualTo(first);
    assertThat(first.add(second)).isEqualTo(second.add(first));
    assertThat(first.subtract(second)).isEqualTo(first.add(second.negate()));
    assertThat(first.compareTo(second)).isEqualTo(first.subtract(second).signum());
  }
}
