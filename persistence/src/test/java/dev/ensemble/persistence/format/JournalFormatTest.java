package dev.ensemble.persistence.format;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/**
 * Holds the format to a sample that was computed from docs/journal-format.md by other means, not by
 * this code. It must pass for ever: journals of that version are kept.
 */
class JournalFormatTest {
  private static final String POD = "pods./default/a";
  private static final Provenance JANE =
      new Provenance(
          "jane",
          List.of("dev"),
          "",
          "",
          "",
          "",
          Instant.parse("2026-01-02T03:04:05Z"),
          Optional.empty());

  private static Batch sample() {
    EventRecord created =
        EventRecord.chained(
            Hash.ZERO,
            new EventId(POD, 1),
            32,
            "object.created",
            1,
            Form.PLAIN,
            Bytes.utf8("{\"object\":{}}"),
            ProvenanceJson.encode(JANE));
    EventRecord amended =
        EventRecord.chained(
            created.hash(),
            new EventId(POD, 2),
            48,
            "object.amended",
            3,
            Form.SEALED,
            Bytes.of(new byte[] {0, (byte) 0xff}),
            Bytes.EMPTY);
    return Batch.chained("pods.", 3, 300, HashChain.start("pods."), List.of(created, amended));
  }

  private static byte[] stored() throws IOException {
    try (InputStream in = JournalFormatTest.class.getResourceAsStream("/batch-version-1.hex")) {
      String hex = new String(in.readAllBytes(), StandardCharsets.US_ASCII);
      return HexFormat.of().parseHex(hex.replaceAll("\\s", ""));
    }
  }

  @Test
  void theHashesAreThoseOfTheDocument() {
    Batch batch = sample();
    assertThat(batch.chainBefore())
        .hasToString("4366c04d2856f1879af9c6b13d7734e5c0b3367c9a27b383bf7693faa20085b4");
    assertThat(batch.events().get(0).hash())
        .hasToString("4844b9ca82cabdd9212e2845806c4786895ad945afb27278c1817b3a6226752b");
    assertThat(batch.events().get(1).hash())
        .hasToString("9e3727ffd6491bacdffdd729af363e87715ca70dfb6eff21fcf7188ce0dfc669");
    assertThat(batch.chainAfter())
        .hasToString("03e78d050f3079778130b8ba5d946fe58df93b94204f96e79c65c8e1f3a9ff9a");
  }

  @Test
  void aBatchOfVersionOneIsReadAndWrittenAsEver() throws IOException {
    assertThat(BatchCodec.decode(ByteBuffer.wrap(stored()))).isEqualTo(sample());
    assertThat(BatchCodec.encode(sample())).isEqualTo(ByteBuffer.wrap(stored()));
  }

  @Test
  void aProvenanceWithAllItsFieldsSurvives() {
    Provenance full =
        new Provenance(
            "jane",
            List.of("dev", "ops"),
            "kubectl/v1.35",
            "kubectl-edit",
            "10.0.0.1",
            "4711",
            Instant.parse("2026-01-02T03:04:05.678901Z"),
            Optional.of(new EventId("deployments.apps/default/web", 7)));
    assertThat(ProvenanceJson.decode(ProvenanceJson.encode(full))).isEqualTo(full);
    assertThat(ProvenanceJson.decode(ProvenanceJson.encode(JANE))).isEqualTo(JANE);
    assertThat(ProvenanceJson.encode(JANE).text())
        .isEqualTo("{\"user\":\"jane\",\"groups\":[\"dev\"],\"at\":\"2026-01-02T03:04:05Z\"}");
  }
}
