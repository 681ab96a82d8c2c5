package dev.ensemble.persistence.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import dev.ensemble.persistence.format.Batch;
import dev.ensemble.persistence.format.Bytes;
import dev.ensemble.persistence.format.EventId;
import dev.ensemble.persistence.format.EventRecord;
import dev.ensemble.persistence.format.Form;
import dev.ensemble.persistence.format.Hash;
import dev.ensemble.persistence.format.HashChain;
import dev.ensemble.persistence.ledger.memory.InMemoryTables;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Writers and a reader of one ledger over a network that delays, reorders and loses: several at
 * once, or one after the other under a lock. Never: an acknowledged batch that is not in the
 * ledger, a batch shown to a reader that is not in it.
 */
class FencingSimulationTest {
  private static final String LEDGER = "pods";
  private static final int RUNS = 150;
  private static final int STEPS = 2000;

  private static final class Run {
    final Random random;
    final InMemoryTables real = new InMemoryTables();
    final SimulatedTables network;
    final List<Batch> acknowledged = new ArrayList<>();
    final List<Batch> seen = new ArrayList<>();
    final Exclusion exclusion;
    int takeovers;

    Run(long seed, Exclusion exclusion) {
      this.exclusion = exclusion;
      random = new Random(seed);
      network = new SimulatedTables(real, random, 0.02);
    }

    void play() throws Exception {
      List<Writer> writers = new ArrayList<>();
      int count = exclusion.equals(Exclusion.NONE) ? 3 : 1;
      for (int i = 0; i < count; i++) {
        writers.add(new Writer(this));
      }
      LedgerStore reader = new FencedLedgerStore(network);
      for (int step = 0; step < STEPS; step++) {
        if (random.nextInt(10) == 0) {
          writers.get(random.nextInt(count)).act();
        }
        if (random.nextInt(300) == 0) {
          // Its process is killed, and what it sent may still arrive.
          int killed = random.nextInt(count);
          writers.get(killed).tables.kill();
          writers.set(killed, new Writer(this));
        }
        if (random.nextInt(100) == 0) {
          reader.readBatches(LEDGER, random.nextInt(5), seen::add);
        }
        network.step();
      }
      while (network.step()) {
        // Until all that is under way has arrived.
      }
      List<Batch> ledger = new ArrayList<>();
      LedgerStore last = new FencedLedgerStore(real, exclusion);
      last.open(LEDGER).toCompletableFuture().get();
      last.readBatches(LEDGER, 0, ledger::add).toCompletableFuture().get();
      assertThat(ledger).containsAll(acknowledged);
      assertThat(ledger).containsAll(seen);
      Hash chain = HashChain.start(LEDGER);
      for (int i = 0; i < ledger.size(); i++) {
        assertThat(ledger.get(i).number()).isEqualTo(i + 1L);
        assertThat(ledger.get(i).chainBefore()).isEqualTo(chain);
        chain = ledger.get(i).chainAfter();
      }
    }
  }

  /** Opens, appends several at a time, and opens again when that ends or just so. */
  private static final class Writer {
    final Run run;
    final SimulatedTables tables;
    final LedgerStore store;
    Optional<Tenure> tenure = Optional.empty();
    Optional<Batch> last = Optional.empty();
    boolean opening;
    int pending;

    Writer(Run run) {
      this.run = run;
      this.tables = run.network.ofAnotherProcess();
      this.store = new FencedLedgerStore(tables, run.exclusion);
    }

    void act() {
      if (opening) {
        return;
      }
      if (tenure.isEmpty() || run.random.nextInt(60) == 0) {
        open();
      } else if (pending < LedgerStore.APPENDS_IN_FLIGHT_MAX) {
        append(tenure.get());
      }
    }

    private void open() {
      opening = true;
      store
          .open(LEDGER)
          .whenComplete(
              (opened, failure) -> {
                opening = false;
                tenure = Optional.ofNullable(opened);
                last = Optional.empty();
                if (failure == null) {
                  run.takeovers++;
                }
              });
    }

    private void append(Tenure current) {
      long revision = last.map(Batch::lastRevision).orElse(current.lastRevision()) + 16;
      List<EventRecord> events =
          List.of(
              EventRecord.chained(
                  Hash.ZERO,
                  new EventId("pods/default/a", revision / 16),
                  revision,
                  "object.amended",
                  1,
                  Form.PLAIN,
                  Bytes.utf8("{\"writer\":" + System.identityHashCode(this) + "}"),
                  Bytes.EMPTY));
      Batch batch =
          last.map(before -> before.followedBy(events)).orElseGet(() -> current.firstBatch(events));
      last = Optional.of(batch);
      pending++;
      store
          .append(batch)
          .whenComplete(
              (nothing, failure) -> {
                pending--;
                if (failure == null) {
                  run.acknowledged.add(batch);
                } else if (tenure.equals(Optional.of(current))) {
                  assertThat(failure).isInstanceOf(LedgerException.class);
                  tenure = Optional.empty();
                }
              });
    }
  }

  @Test
  void whatWasAcknowledgedOrSeenIsInTheLedgerWhateverTheNetworkDoes() {
    play(Exclusion.NONE);
  }

  @Test
  void soItIsWithoutChecksWhereALockKeepsOthersOut() {
    play(Exclusion.by("lock"));
  }

  private static void play(Exclusion exclusion) {
    long begin = 20_260_101L;
    int acknowledged = 0;
    int seen = 0;
    int takeovers = 0;
    for (long seed = begin; seed < begin + RUNS; seed++) {
      Run run = new Run(seed, exclusion);
      try {
        run.play();
      } catch (AssertionError | Exception e) {
        fail("seed " + seed, e);
      }
      acknowledged += run.acknowledged.size();
      seen += run.seen.size();
      takeovers += run.takeovers;
    }
    // Or else it would prove nothing.
    assertThat(acknowledged).isGreaterThan(10 * RUNS);
    assertThat(seen).isGreaterThan(10 * RUNS);
    assertThat(takeovers).isGreaterThan(5 * RUNS);
  }
}
