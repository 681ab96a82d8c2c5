package dev.ensemble.agent.core.pod;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TokenProjectionTest {
  @ParameterizedTest
  @CsvSource({"PT10M, PT8M", "PT1H, PT48M", "PT30H, PT24H", "PT31H, PT24H"})
  void aTokenIsRenewedAtFourFifthsOfItsTimeOrAfterADay(Duration validity, Duration age) {
    Instant issued = Instant.parse("2026-01-01T00:00:00Z");
    assertThat(TokenProjection.renewAt(issued, issued.plus(validity))).isEqualTo(issued.plus(age));
  }
}
