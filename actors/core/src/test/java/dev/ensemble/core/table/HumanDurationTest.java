package dev.ensemble.core.table;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HumanDurationTest {
  @ParameterizedTest
  @CsvSource({
    "PT-2S, <invalid>",
    "PT-1.999S, 0s",
    "PT0S, 0s",
    "PT119.9S, 119s",
    "PT2M, 2m",
    "PT9M59S, 9m59s",
    "PT10M59S, 10m",
    "PT179M59S, 179m",
    "PT3H, 3h",
    "PT7H59M, 7h59m",
    "PT8H59M, 8h",
    "PT47H59M, 47h",
    "PT48H, 2d",
    "PT191H, 7d23h",
    "PT192H, 8d",
    "P729D, 729d",
    "P730D, 2y",
    "P731D, 2y1d",
    "P2919D, 7y364d",
    "P2920D, 8y"
  })
  void agesKeepAboutTwoDigits(Duration duration, String text) {
    assertThat(HumanDuration.format(duration)).isEqualTo(text);
  }
}
