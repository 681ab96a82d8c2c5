package dev.ensemble.persistence.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

class BatchCodecPropertyTest {
  @Provide
  Arbitrary<Batch> batches() {
    Arbitrary<EventRecord> events =
        Combinators.combine(
                Arbitraries.strings().ofMinLength(1).ofMaxLength(40).excludeChars(surrogates()),
                Arbitraries.longs().between(1, Long.MAX_VALUE),
                Arbitraries.strings().alpha().ofMinLength(1).ofMaxLength(20),
                Arbitraries.integers().between(1, Integer.MAX_VALUE),
                Arbitraries.of(Form.class),
                bytes(),
                bytes())
            .as(
                (entity, sequence, type, version, form, payload, provenance) ->
                    EventRecord.chained(
                        HashChain.start(entity),
                        new EventId(entity, sequence),
                        1,
                        type,
                        version,
                        form,
                        payload,
                        provenance));
    return Combinators.combine(
            Arbitraries.longs().between(1, Long.MAX_VALUE),
            Arbitraries.longs().between(1, Long.MAX_VALUE),
            events.list().ofMinSize(1).ofMaxSize(20),
            Arbitraries.longs().between(1, Long.MAX_VALUE / 2))
        .as(BatchCodecPropertyTest::batch);
  }

  private static char[] surrogates() {
    char[] chars = new char[0xE000 - 0xD800];
    for (int i = 0; i < chars.length; i++) {
      chars[i] = (char) (0xD800 + i);
    }
    return chars;
  }

  private static Arbitrary<Bytes> bytes() {
    return Arbitraries.bytes().array(byte[].class).ofMaxSize(200).map(Bytes::of);
  }

  private static Batch batch(long epoch, long number, List<EventRecord> events, long revision) {
    List<EventRecord> numbered = new ArrayList<>();
    for (EventRecord event : events) {
      numbered.add(
          EventRecord.chained(
              event.previousHash(),
              event.id(),
              revision + numbered.size(),
              event.type(),
              event.version(),
              event.form(),
              event.payload(),
              event.provenance()));
    }
    return Batch.chained("pods.", epoch, number, HashChain.start("pods."), numbered);
  }

  @Property
  void aBatchSurvivesEncoding(@ForAll("batches") Batch batch) {
    assertThat(BatchCodec.decode(BatchCodec.encode(batch))).isEqualTo(batch);
  }

  @Property
  void theEstimateOfAnEventIsNeverTooSmall(@ForAll("batches") Batch batch) {
    int estimate = batch.events().stream().mapToInt(BatchCodec::sizeOf).sum();
    assertThat(BatchCodec.encode(batch).remaining()).isLessThanOrEqualTo(estimate + 200);
  }

  @Property
  void aBatchThatIsCutShortIsRefused(
      @ForAll("batches") Batch batch, @ForAll @IntRange(max = 100_000) int cut) {
    ByteBuffer blob = BatchCodec.encode(batch);
    int length = cut % blob.remaining();
    assertThatExceptionOfType(FormatException.class)
        .isThrownBy(() -> BatchCodec.decode(blob.slice(0, length)));
  }

  @Property
  void aChangedByteIsNoticed(
      @ForAll("batches") Batch batch,
      @ForAll @IntRange(max = 100_000) int at,
      @ForAll @IntRange(min = 1, max = 255) int change) {
    ByteBuffer blob = copy(BatchCodec.encode(batch));
    int index = at % blob.remaining();
    blob.put(index, (byte) (blob.get(index) ^ change));
    assertThatExceptionOfType(FormatException.class).isThrownBy(() -> BatchCodec.decode(blob));
  }

  @Property
  void aChangedByteUnderARightChecksumIsReadOrRefusedButNothingElse(
      @ForAll("batches") Batch batch,
      @ForAll @IntRange(min = 3, max = 100_000) int at,
      @ForAll @IntRange(min = 1, max = 255) int change) {
    ByteBuffer blob = copy(BatchCodec.encode(batch));
    int end = blob.remaining() - Integer.BYTES;
    int index = 3 + at % (end - 3);
    blob.put(index, (byte) (blob.get(index) ^ change));
    CRC32C crc = new CRC32C();
    crc.update(blob.slice(0, end));
    blob.putInt(end, (int) crc.getValue());
    try {
      assertThat(BatchCodec.decode(blob)).isNotEqualTo(batch);
    } catch (FormatException refused) {
      assertThat(refused).hasMessageNotContaining("null");
    }
  }

  @Property
  void anyOtherBytesAreRefused(@ForAll @Size(max = 300) byte[] bytes) {
    assertThatExceptionOfType(FormatException.class)
        .isThrownBy(() -> BatchCodec.decode(ByteBuffer.wrap(bytes)));
  }

  @Example
  void anUnknownVersionIsNamed() {
    assertThatThrownBy(() -> BatchCodec.decode(ByteBuffer.wrap(new byte[] {'E', 'B', 9, 0, 0})))
        .isInstanceOf(FormatException.class)
        .hasMessage("batch format version 9 is not known here, only 1");
  }

  @Example
  void aBatchAboveTheLimitIsRefusedBeforeItIsSent() {
    EventRecord event =
        EventRecord.chained(
            Hash.ZERO,
            new EventId("secrets/a/b", 1),
            1,
            "object.created",
            1,
            Form.PLAIN,
            Bytes.of(new byte[Batch.MAX_BYTES]),
            Bytes.EMPTY);
    Batch batch = Batch.chained("secrets", 1, 1, HashChain.start("secrets"), List.of(event));
    assertThatThrownBy(() -> BatchCodec.encode(batch))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("more than 4194304");
  }

  private static ByteBuffer copy(ByteBuffer blob) {
    return ByteBuffer.allocate(blob.remaining()).put(blob).flip();
  }
}
