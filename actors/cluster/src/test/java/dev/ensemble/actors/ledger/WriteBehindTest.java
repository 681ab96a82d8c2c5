package dev.ensemble.actors.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ensemble.persistence.ledger.IndexRow;
import dev.ensemble.persistence.ledger.Watermark;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class WriteBehindTest {
  private static final String LEDGER = "configmaps";
  private static final int ROWS_DUE = 10_000;

  // What it holds, never what it writes: it needs no store.
  private final WriteBehind behind = new WriteBehind(null, null, null);

  @Test
  void manyChangesOfOneObjectAreWrittenBeforeTheirTimeAndLongBeforeTheyAreRefused() {
    change(1, ROWS_DUE - 1);
    assertThat(behind.isDue(5_000)).isFalse();

    change(ROWS_DUE, 1);
    assertThat(behind.isDue(5_000)).isTrue();
    assertThat(behind.isFull()).isFalse();

    behind.begin();
    assertThat(behind.isDue(5_000)).isFalse();
  }

  @Test
  void changesAreRefusedWhenTenTimesAsManyWait() {
    change(1, 10 * ROWS_DUE - 1);
    assertThat(behind.isFull()).isFalse();

    change(10 * ROWS_DUE, 1);
    assertThat(behind.isFull()).isTrue();
  }

  private void change(int firstBatch, int times) {
    for (int batch = firstBatch; batch < firstBatch + times; batch++) {
      behind.add(
          Map.of(),
          List.of(new IndexRow("configmaps/default/web", batch, batch, batch)),
          Watermark.start(LEDGER),
          Instant.EPOCH);
    }
  }
}
