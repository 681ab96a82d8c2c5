package dev.ensemble.core.scheduling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Comparator;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SearchTest {
  @ParameterizedTest(name = "of {0} nodes")
  @CsvSource({
    // Upstream's: all below 100, then 50 % less one for each 125 nodes, never below 5 % or 100
    // nodes.
    "99, 99, 99",
    "100, 100, 100",
    "500, 230, 230",
    "1000, 420, 420",
    "5000, 500, 500",
    "6000, 300, 300",
    "15000, 750, 500"
  })
  void asManyNodesAreComparedAsUpstreamDoesUpToALimit(int nodes, int upstream, int ours) {
    assertThat(Search.upstream().enough(nodes)).isEqualTo(upstream);
    assertThat(Search.standard().enough(nodes)).isEqualTo(ours);
  }

  @Test
  void aPercentageThatIsGivenCounts() {
    assertThat(Search.of(10, 5000).enough(10_000)).isEqualTo(1000);
    assertThat(Search.of(100, 500).enough(10_000)).isEqualTo(500);
    assertThatThrownBy(() -> Search.of(101, 500)).hasMessageContaining("101 %");
  }

  @Test
  void theNextPodBeginsBehindNodesThatRefusedAndALittleFurther() {
    assertThat(Search.standard().step(500, 500)).isEqualTo(15);
    assertThat(Search.standard().step(900, 500)).isEqualTo(415);
    assertThat(Search.standard().step(5000, 3)).isEqualTo(4998);
    assertThat(Search.upstream().step(900, 500)).isEqualTo(900);
  }

  @Test
  void theGreatestAreThoseThatSortingPutsFirst() {
    Random random = new Random(1);
    for (int turn = 0; turn < 1000; turn++) {
      long[] totals = random.longs(random.nextInt(20), 0, 5).toArray();
      int[] ties = random.ints(totals.length).toArray();
      int most = random.nextInt(6);
      int[] sorted =
          IntStream.range(0, totals.length)
              .boxed()
              .sorted(
                  Comparator.<Integer>comparingLong(i -> -totals[i]).thenComparingInt(i -> ties[i]))
              .limit(most)
              .mapToInt(Integer::intValue)
              .toArray();
      assertThat(Placement.greatest(totals, most, i -> ties[i])).isEqualTo(sorted);
    }
  }
}
