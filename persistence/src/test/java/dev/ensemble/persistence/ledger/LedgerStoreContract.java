package dev.ensemble.persistence.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ensemble.persistence.format.Batch;
import dev.ensemble.persistence.format.Bytes;
import dev.ensemble.persistence.format.Form;
import dev.ensemble.persistence.format.Hash;
import dev.ensemble.persistence.format.HashChain;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What every ledger store does. */
public abstract class LedgerStoreContract {
  private static final String POD = "pods/default/a";

  private final String ledger = "pods." + System.nanoTime();
  private final Samples samples = new Samples();

  /** A store over the same data as the others of this test: another process. */
  protected LedgerStore store() {
    return store(Exclusion.NONE);
  }

  /** The same of a process that holds a lock. */
  protected abstract LedgerStore store(Exclusion exclusion);

  protected static <T> T await(CompletionStage<T> stage) throws Exception {
    return stage.toCompletableFuture().get(30, TimeUnit.SECONDS);
  }

  private static List<Batch> read(LedgerStore store, String ledger, long after) throws Exception {
    List<Batch> batches = new ArrayList<>();
    await(store.readBatches(ledger, after, batches::add));
    return batches;
  }

  private List<Batch> append(LedgerStore store, Batch first, int count) throws Exception {
    List<Batch> written = new ArrayList<>();
    Batch batch = first;
    for (int i = 0; i < count; i++) {
      batch = i == 0 ? first : batch.followedBy(samples.one(POD));
      await(store.append(batch));
      written.add(batch);
    }
    return written;
  }

  @Test
  void aNewLedgerStartsWithEpochOneAndNothing() throws Exception {
    assertThat(await(store().open(ledger)))
        .isEqualTo(new Tenure(ledger, 1, 0, 0, HashChain.start(ledger), Watermark.start(ledger)));
    assertThat(read(store(), ledger, 0)).isEmpty();
    assertThat(await(store().readBatch(ledger, 1))).isEmpty();
  }

  @Test
  void aLedgerNobodyOpenedIsEmpty() throws Exception {
    assertThat(read(store(), ledger, 0)).isEmpty();
    assertThat(await(store().readWatermark(ledger))).isEqualTo(Watermark.start(ledger));
  }

  @Test
  void batchesOfSeveralBucketsAndEpochsAreReadBackInOrder() throws Exception {
    LedgerStore writer = store();
    List<Batch> written = new ArrayList<>();
    for (int count : new int[] {300, 0, 1, 150}) {
      Tenure tenure = await(writer.open(ledger));
      assertThat(tenure.lastBatch()).isEqualTo(written.size());
      if (count > 0) {
        written.addAll(append(writer, tenure.firstBatch(samples.one(POD)), count));
      }
    }
    assertThat(read(store(), ledger, 0)).isEqualTo(written);
    assertThat(read(writer, ledger, 299)).isEqualTo(written.subList(299, written.size()));
    assertThat(await(store().readBatch(ledger, 301))).contains(written.get(300));
    assertThat(await(store().readBatch(ledger, 452))).isEmpty();
    Batch last = written.get(written.size() - 1);
    assertThat(await(store().open(ledger)))
        .isEqualTo(
            new Tenure(
                ledger,
                5,
                last.number(),
                last.lastRevision(),
                last.chainAfter(),
                Watermark.start(ledger)));
  }

  @Test
  void aWriterThatWasReplacedIsFencedAndItsLateBatchDoesNotExist() throws Exception {
    LedgerStore old = store();
    LedgerStore fresh = store();
    Batch first = await(old.open(ledger)).firstBatch(samples.one(POD));
    await(old.append(first));
    Tenure tenure = await(fresh.open(ledger));
    Batch late = first.followedBy(samples.one("pods/default/late"));
    assertThatThrownBy(() -> await(old.append(late))).hasCauseInstanceOf(FencedException.class);
    assertThatThrownBy(() -> await(old.append(late.followedBy(samples.one(POD)))))
        .hasCauseInstanceOf(FencedException.class);
    assertThat(read(store(), ledger, 0)).containsExactly(first);
    Batch second = tenure.firstBatch(samples.one(POD));
    await(fresh.append(second));
    assertThat(read(store(), ledger, 0)).containsExactly(first, second);
    assertThat(await(old.readBatch(ledger, 2))).contains(second);
  }

  @Test
  void theSameStoreCanTakeItsOwnLedgerOver() throws Exception {
    LedgerStore store = store();
    Tenure first = await(store.open(ledger));
    Tenure second = await(store.open(ledger));
    assertThat(second.epoch()).isEqualTo(first.epoch() + 1);
    assertThatThrownBy(() -> await(store.append(first.firstBatch(samples.one(POD)))))
        .hasCauseInstanceOf(FencedException.class);
    await(store.append(second.firstBatch(samples.one(POD))));
  }

  @Test
  void aLedgerOfALockIsOpenedByItsHoldersOnly() throws Exception {
    LedgerStore holder = store(Exclusion.by("lock-a"));
    Batch first = await(holder.open(ledger)).firstBatch(samples.one(POD));
    await(holder.append(first));
    for (LedgerStore other : List.of(store(), store(Exclusion.by("lock-b")))) {
      assertThatThrownBy(() -> await(other.open(ledger)))
          .hasCauseInstanceOf(LedgerUnavailableException.class)
          .hasMessageContaining("belongs to the process that holds the lock lock-a");
    }
    Batch second = first.followedBy(samples.one(POD));
    await(holder.append(second));
    assertThat(read(store(), ledger, 0)).containsExactly(first, second);
    Tenure next = await(store(Exclusion.by("lock-a")).open(ledger));
    assertThat(next.lastBatch()).isEqualTo(2);
    assertThat(await(store(Exclusion.givenUp("lock-a")).open(ledger)).epoch()).isEqualTo(3);
    assertThat(await(store().open(ledger)).epoch()).isEqualTo(4);
  }

  @Test
  void underALockTooOnlyTheNewestTenureOfAStoreAcknowledges() throws Exception {
    LedgerStore store = store(Exclusion.by("lock-a"));
    Batch first = await(store.open(ledger)).firstBatch(samples.one(POD));
    await(store.append(first));
    Tenure second = await(store.open(ledger));
    Batch late = first.followedBy(samples.one("pods/default/late"));
    assertThatThrownBy(() -> await(store.append(late))).hasCauseInstanceOf(FencedException.class);
    Batch next = second.firstBatch(samples.one(POD));
    await(store.append(next));
    assertThat(read(store(), ledger, 0)).containsExactly(first, next);
  }

  @Test
  void appendsMayOverlapAndCompleteInOrder() throws Exception {
    LedgerStore store = store();
    Batch batch = await(store.open(ledger)).firstBatch(samples.one(POD));
    List<Long> completed = new ArrayList<>();
    List<CompletionStage<Void>> stages = new ArrayList<>();
    for (int i = 0; i < LedgerStore.APPENDS_IN_FLIGHT_MAX; i++) {
      long number = batch.number();
      stages.add(store.append(batch).thenAccept(nothing -> completed.add(number)));
      batch = batch.followedBy(samples.one(POD));
    }
    for (CompletionStage<Void> stage : stages) {
      await(stage);
    }
    assertThat(completed).isSorted().hasSize(LedgerStore.APPENDS_IN_FLIGHT_MAX);
  }

  @Test
  void aBatchThatDoesNotFollowIsABug() throws Exception {
    LedgerStore store = store();
    Batch first = await(store.open(ledger)).firstBatch(samples.one(POD));
    assertThatThrownBy(() -> await(store.append(first.followedBy(samples.one(POD)))))
        .hasCauseInstanceOf(IllegalStateException.class);
    assertThatThrownBy(
            () -> await(store.append(Batch.chained(ledger, 7, 1, Hash.ZERO, first.events()))))
        .hasCauseInstanceOf(IllegalStateException.class);
  }

  @Test
  void aBatchThatIsTooLargeIsRefusedAndTheTenureGoesOn() throws Exception {
    LedgerStore store = store();
    Tenure tenure = await(store.open(ledger));
    Batch large = tenure.firstBatch(new Samples("x".repeat(Batch.MAX_BYTES)).one(POD));
    assertThatThrownBy(() -> await(store.append(large)))
        .hasCauseInstanceOf(IllegalStateException.class)
        .hasMessageContaining("more than 4194304");
    Batch nearly = tenure.firstBatch(new Samples("x".repeat(Batch.MAX_BYTES - 2000)).one(POD));
    await(store.append(nearly));
    assertThat(read(store, ledger, 0)).containsExactly(nearly);
  }

  @Test
  void ofTwoCheckpointsTheHigherRevisionStays() throws Exception {
    LedgerStore store = store();
    CheckpointRow old = row("pods/default/a", 3, 48, Optional.of(Bytes.utf8("{\"v\":3}")));
    CheckpointRow now = row("pods/default/a", 5, 96, Optional.of(Bytes.utf8("{\"v\":5}")));
    CheckpointRow gone = row("pods/default/b", 9, 80, Optional.empty());
    Watermark high = new Watermark(6, 96, Hash.ZERO);
    await(store.writeBehind(ledger, List.of(now, gone), List.of(), high));
    CheckpointRow stale = row("pods/default/b", 8, 64, Optional.of(Bytes.utf8("{\"v\":8}")));
    await(
        store()
            .writeBehind(ledger, List.of(old, stale), List.of(), new Watermark(4, 64, Hash.ZERO)));
    List<CheckpointRow> rows = new ArrayList<>();
    await(store.readCheckpoint(ledger, rows::add));
    assertThat(rows).containsExactlyInAnyOrder(now, gone);
    assertThat(await(store.readCheckpointRow(ledger, "pods/default/b"))).contains(gone);
    assertThat(await(store.readCheckpointRow(ledger, "pods/default/c"))).isEmpty();
    assertThat(await(store.readWatermark(ledger))).isEqualTo(high);
    assertThat(await(store.open(ledger)).watermark()).isEqualTo(high);
  }

  @Test
  void aLargeCheckpointComesBackWhole() throws Exception {
    LedgerStore store = store();
    List<CheckpointRow> rows = new ArrayList<>();
    List<IndexRow> index = new ArrayList<>();
    for (int i = 1; i <= 5000; i++) {
      String entity = "pods/default/p" + i;
      rows.add(row(entity, 2, 16L * i, Optional.of(Bytes.of(new byte[1000]))));
      index.add(new IndexRow(entity, 1, 2, i));
    }
    await(store.writeBehind(ledger, rows, index, new Watermark(5000, 80_000, Hash.ZERO)));
    List<CheckpointRow> read = new ArrayList<>();
    await(store().readCheckpoint(ledger, read::add));
    assertThat(read).containsExactlyInAnyOrderElementsOf(rows);
  }

  private static CheckpointRow row(
      String entity, long sequence, long revision, Optional<Bytes> object) {
    Form form = object.isPresent() && sequence == 3 ? Form.SEALED : Form.PLAIN;
    return new CheckpointRow(
        entity, sequence, revision, 16, HashChain.start(entity), "uid-" + entity, form, object);
  }

  @Test
  void theIndexFindsTheRunsThatTouchARange() throws Exception {
    LedgerStore store = store();
    IndexRow one = new IndexRow(POD, 1, 1, 4);
    IndexRow run = new IndexRow(POD, 2, 5, 7);
    IndexRow end = new IndexRow(POD, 6, 6, 9);
    IndexRow other = new IndexRow("pods/default/b", 1, 3, 7);
    await(
        store.writeBehind(
            ledger, List.of(), List.of(end, one, other, run), new Watermark(9, 900, Hash.ZERO)));
    assertThat(await(store.entityIndex(ledger, POD, 1, Long.MAX_VALUE)))
        .containsExactly(one, run, end);
    assertThat(await(store.entityIndex(ledger, POD, 3, 4))).containsExactly(run);
    assertThat(await(store.entityIndex(ledger, POD, 5, 6))).containsExactly(run, end);
    assertThat(await(store.entityIndex(ledger, POD, 7, 9))).isEmpty();
  }

  @Test
  void anEntityThatGoesPastSoManyEventsLeavesAnImage() throws Exception {
    LedgerStore store = store();
    List<Long> reached = List.of(3L, 31L, 33L, 63L, 64L, 200L);
    long before = 0;
    for (long sequence : reached) {
      await(
          store.writeBehind(
              ledger,
              List.of(row(POD, sequence, 16 * sequence, Optional.of(Bytes.utf8("" + sequence)))),
              List.of(new IndexRow(POD, before + 1, sequence, sequence)),
              new Watermark(sequence, 16 * sequence, Hash.ZERO)));
      before = sequence;
    }
    List<Long> found = new ArrayList<>();
    for (long sequence : List.of(32L, 33L, 63L, 64L, 199L, 1000L)) {
      found.add(
          await(store().readImage(ledger, POD, sequence)).map(CheckpointRow::sequence).orElse(0L));
    }
    assertThat(found).containsExactly(0L, 33L, 33L, 64L, 64L, 200L);
    assertThat(await(store.readImage(ledger, POD, 70)))
        .contains(row(POD, 64, 16 * 64, Optional.of(Bytes.utf8("64"))));
    assertThat(await(store.readImage(ledger, "pods/default/b", 70))).isEmpty();
  }

  @Test
  void pagesOfSeveralBucketsAndEpochsLeaveNothingOut() throws Exception {
    LedgerStore writer = store();
    List<Batch> written = new ArrayList<>();
    for (int count : new int[] {130, 5}) {
      written.addAll(
          append(writer, await(writer.open(ledger)).firstBatch(samples.one(POD)), count));
    }
    List<Batch> read = new ArrayList<>();
    List<Batch> page = await(store().readPage(ledger, 1, 50));
    while (!page.isEmpty()) {
      assertThat(page.size()).isLessThanOrEqualTo(50);
      read.addAll(page);
      page = await(store().readPage(ledger, read.size() + 1, 50));
    }
    assertThat(read).isEqualTo(written);
  }

  @Test
  void whatAReaderThrowsEndsTheReadAsItIs() throws Exception {
    LedgerStore store = store();
    append(store, await(store.open(ledger)).firstBatch(samples.one(POD)), 2);
    RuntimeException own = new UnsupportedOperationException("enough");
    assertThatThrownBy(
            () ->
                await(
                    store.readBatches(
                        ledger,
                        0,
                        batch -> {
                          throw own;
                        })))
        .hasCause(own);
  }
}
