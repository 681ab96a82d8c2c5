package dev.ensemble.persistence.verify;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ensemble.persistence.format.Batch;
import dev.ensemble.persistence.format.Bytes;
import dev.ensemble.persistence.format.EventId;
import dev.ensemble.persistence.format.EventRecord;
import dev.ensemble.persistence.format.Hash;
import dev.ensemble.persistence.ledger.Samples;
import dev.ensemble.persistence.ledger.Tenure;
import dev.ensemble.persistence.ledger.Watermark;
import dev.ensemble.persistence.ledger.memory.InMemoryLedgerStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class JournalVerifierTest {
  private static final String LEDGER = "pods.";
  private static final String A = "pods/default/a";
  private static final String B = "pods/default/b";

  private final InMemoryLedgerStore store = new InMemoryLedgerStore();
  private final List<Batch> batches = new ArrayList<>();

  @BeforeEach
  void writeThreeBatches() throws Exception {
    Samples samples = new Samples();
    Tenure tenure = store.open(LEDGER).toCompletableFuture().get();
    batches.add(tenure.firstBatch(List.of(samples.next(A), samples.next(B))));
    batches.add(batches.get(0).followedBy(List.of(samples.next(A), samples.next(A))));
    batches.add(batches.get(1).followedBy(List.of(samples.next(B))));
    for (Batch batch : batches) {
      store.append(batch).toCompletableFuture().get();
    }
  }

  private VerificationReport verify() throws Exception {
    return JournalVerifier.verify(store, LEDGER).toCompletableFuture().get();
  }

  private static Optional<VerificationReport.Fault> fault(
      long batch, Optional<EventId> event, String problem) {
    return Optional.of(new VerificationReport.Fault(batch, event, problem));
  }

  private static EventRecord with(EventRecord event, Bytes payload, Hash previous) {
    return EventRecord.chained(
        previous,
        event.id(),
        event.revision(),
        event.type(),
        event.version(),
        event.form(),
        payload,
        event.provenance());
  }

  @Test
  void aWholeLedgerIsRight() throws Exception {
    Batch last = batches.get(2);
    assertThat(verify())
        .isEqualTo(
            new VerificationReport(
                LEDGER, 3, 5, 2, last.lastRevision(), last.chainAfter(), Optional.empty()));
  }

  @Test
  void aLedgerIsRightAfterATrustedPosition() throws Exception {
    Batch first = batches.get(0);
    assertThat(
            JournalVerifier.verify(
                    store, LEDGER, new Watermark(1, first.lastRevision(), first.chainAfter()))
                .toCompletableFuture()
                .get()
                .fault())
        .isEmpty();
  }

  @Test
  void aChangedPayloadIsNamed() throws Exception {
    Batch second = batches.get(1);
    EventRecord event = second.events().get(1);
    EventRecord changed =
        new EventRecord(
            event.entity(),
            event.sequence(),
            event.revision(),
            event.type(),
            event.version(),
            event.form(),
            Bytes.utf8("{}"),
            event.provenance(),
            event.previousHash(),
            event.hash());
    store
        .tables()
        .tamper(
            new Batch(
                LEDGER,
                1,
                2,
                List.of(second.events().get(0), changed),
                second.chainBefore(),
                second.chainAfter()));
    assertThat(verify().fault())
        .isEqualTo(fault(2, Optional.of(new EventId(A, 3)), "its hash is not that of its content"));
  }

  @Test
  void aPayloadChangedWithAllHashesOfItsBatchBreaksTheChain() throws Exception {
    Batch second = batches.get(1);
    EventRecord event = second.events().get(1);
    store
        .tables()
        .tamper(
            Batch.chained(
                LEDGER,
                1,
                2,
                second.chainBefore(),
                List.of(
                    second.events().get(0), with(event, Bytes.utf8("{}"), event.previousHash()))));
    assertThat(verify().fault())
        .isEqualTo(fault(3, Optional.empty(), "it does not continue the ledger's chain"));
  }

  @Test
  void aLedgerThatWasWrittenAnewDiffersFromWhatWasKeptElsewhere() throws Exception {
    Batch first = batches.get(0);
    assertThat(
            JournalVerifier.verify(store, LEDGER, new Watermark(1, first.lastRevision(), Hash.ZERO))
                .toCompletableFuture()
                .get()
                .fault())
        .isEqualTo(fault(2, Optional.empty(), "it does not continue the ledger's chain"));
  }

  @Test
  void anEventThatIsLeftOutIsNoticedByItsSuccessor() throws Exception {
    Batch second = batches.get(1);
    store
        .tables()
        .tamper(Batch.chained(LEDGER, 1, 2, second.chainBefore(), List.of(second.events().get(1))));
    assertThat(verify().fault())
        .isEqualTo(fault(2, Optional.of(new EventId(A, 3)), "it does not follow event 1"));
  }

  @Test
  void anEventOfAnotherHistoryOfItsEntityIsNamed() throws Exception {
    Batch second = batches.get(1);
    EventRecord foreign = with(second.events().get(0), Bytes.utf8("{}"), Hash.ZERO);
    store
        .tables()
        .tamper(
            Batch.chained(
                LEDGER, 1, 2, second.chainBefore(), List.of(foreign, second.events().get(1))));
    assertThat(verify().fault())
        .isEqualTo(
            fault(
                2, Optional.of(new EventId(A, 2)), "it does not continue its entity's hash chain"));
  }
}
