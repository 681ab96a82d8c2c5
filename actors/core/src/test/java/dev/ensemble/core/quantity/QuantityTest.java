package dev.ensemble.core.quantity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class QuantityTest {
  @ParameterizedTest
  @CsvSource({
    "0,0",
    "0m,0",
    "-0Ki,0",
    "00012,12",
    "+5,5",
    "1000m,1",
    "1500m,1500m",
    "1.5,1500m",
    ".5,500m",
    "1.,1",
    "0.5Gi,512Mi",
    "1.5Gi,1536Mi",
    "1024Mi,1Gi",
    "1023,1023",
    "1Ki,1Ki",
    "1025Ki,1025Ki",
    "0.001Ki,1024m",
    "0.5Ki,512",
    "0.3Ki,307200m",
    "-1Gi,-1Gi",
    "-1.5,-1500m",
    "100000,100k",
    "123456,123456",
    "1000k,1M",
    "1E,1E",
    "1000E,1000E",
    "1e3,1e3",
    "1E3,1e3",
    "10e3,10e3",
    "1000e3,1e6",
    "1e-3,1e-3",
    "15e-1,1500e-3",
    "1e0,1",
    "0.1n,1n",
    "-0.1n,-1n",
    "1.5u,1500n",
    "100u,100u",
    "0.000000001,1n",
    "0.0000000001,1n",
    "8Ei,9223372036854775807",
    "100Ei,9223372036854775807",
    "-100Ei,-9223372036854775807",
    "9223372036854775808,9223372036854775808",
    "123456789012345678901234567890,123456789012345678901234567890",
    "5n,5n",
    "1Pi,1Pi",
  })
  void printsTheCanonicalForm(String text, String canonical) {
    assertThat(Quantity.parse(text)).hasToString(canonical);
    assertThat(Quantity.parse(canonical)).hasToString(canonical).isEqualTo(Quantity.parse(text));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "+",
        "-",
        ".",
        "Ki",
        "1 Ki",
        " 1",
        "1.2.3",
        "1mi",
        "1Kii",
        "1kk",
        "1e",
        "1e+",
        "1e1.5",
        "1i",
        "1e1000",
        "0x10",
        "1,5",
        "1e999999999999",
        "--1",
        "1-",
        "1\u0661",
        "abc"
      })
  void whatIsNoQuantityIsRefused(String text) {
    assertThatThrownBy(() -> Quantity.parse(text)).isInstanceOf(QuantityFormatException.class);
  }

  @ParameterizedTest
  @CsvSource({
    "1, 1, 1000",
    "1m, 1, 1",
    "1u, 1, 1",
    "-1m, -1, -1",
    "-1u, -1, -1",
    "1001m, 2, 1001",
    "0.0001, 1, 1",
    "1Ki, 1024, 1024000",
    "0, 0, 0",
    "9223372036854775807, 9223372036854775807, 9223372036854775807",
    "1e40, 9223372036854775807, 9223372036854775807",
    "-1e40, -9223372036854775808, -9223372036854775808",
  })
  void wholeAndMilliValuesRoundAwayFromZero(String text, long value, long milli) {
    assertThat(Quantity.parse(text).value()).isEqualTo(value);
    assertThat(Quantity.parse(text).milliValue()).isEqualTo(milli);
  }

  @ParameterizedTest
  @CsvSource({
    "1Gi, 512Mi, 1536Mi, 512Mi",
    "1, 500m, 1500m, 500m",
    "0, 1Gi, 1Gi, -1Gi",
    "1Gi, 1G, 2073741824, 73741824",
    "1k, 1Ki, 2024, -24",
    "1, 1, 2, 0",
    "1e3, 1, 1001, 999",
  })
  void sumsAndDifferencesKeepTheFormatOfTheFirst(
      String left, String right, String sum, String difference) {
    assertThat(Quantity.parse(left).add(Quantity.parse(right))).hasToString(sum);
    assertThat(Quantity.parse(left).subtract(Quantity.parse(right))).hasToString(difference);
  }

  @ParameterizedTest
  @CsvSource({
    "1000m, 1, 0",
    "1Ki, 1k, 1",
    "999m, 1, -1",
    "-1, 0, -1",
    "1e3, 1k, 0",
    "1024, 1Ki, 0",
  })
  void amountsAreComparedWhateverTheirFormat(String left, String right, int order) {
    Quantity first = Quantity.parse(left);
    Quantity second = Quantity.parse(right);
    assertThat(Integer.signum(first.compareTo(second))).isEqualTo(order);
    assertThat(first.equals(second)).isEqualTo(order == 0);
    if (order == 0) {
      assertThat(first).hasSameHashCodeAs(second);
    }
  }

  @ParameterizedTest
  @CsvSource({"100u, 1m", "1500u, 2m", "-100u, -1m", "1.5, 1500m", "0.3Ki, 307200m", "1n, 1m"})
  void resourcesAreRoundedUpToMilli(String text, String rounded) {
    assertThat(Quantity.parse(text).roundedUpToMilli()).hasToString(rounded);
  }
}
