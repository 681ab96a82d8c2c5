package dev.ensemble.persistence.cassandra;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TornSegmentsTest {
  private static final long ID = 1_795_455_898_521L;
  private static final byte[] PARAMETERS = "{}".getBytes(StandardCharsets.UTF_8);
  private static final int HEADER = 14 + PARAMETERS.length + 4;
  private static final int SECTION = 100;

  @TempDir private Path folder;

  /** A segment of so many whole sections. */
  private static byte[] segment(int sections) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(bytes);
    out.writeInt(8);
    out.writeLong(ID);
    out.writeShort(PARAMETERS.length);
    out.write(PARAMETERS);
    out.writeInt(0);
    for (int i = 0; i < sections; i++) {
      int marker = HEADER + i * SECTION;
      out.writeInt(marker + SECTION);
      out.writeInt(TornSegments.checksum(ID, marker));
      out.write(new byte[SECTION - 8]);
    }
    return bytes.toByteArray();
  }

  private byte[] mended(byte[] content) throws IOException {
    Path file = Files.write(folder.resolve("CommitLog-8-" + ID + ".log"), content);
    TornSegments.mend(folder);
    return Files.exists(file) ? Files.readAllBytes(file) : new byte[0];
  }

  @Test
  void aHalfWrittenSectionAtTheEndIsCutOff() throws Exception {
    byte[] whole = segment(3);
    for (int length = HEADER + 2 * SECTION + 8; length < whole.length; length++) {
      assertThat(mended(Arrays.copyOf(whole, length))).as("cut at " + length).isEqualTo(segment(2));
    }
  }

  @Test
  void wholeSegmentsStayAsTheyAre() throws Exception {
    for (int sections = 0; sections < 4; sections++) {
      byte[] whole = segment(sections);
      assertThat(mended(whole)).isEqualTo(whole);
      byte[] padded = Arrays.copyOf(whole, whole.length + 50);
      assertThat(mended(padded)).as("zeros follow").isEqualTo(padded);
      byte[] begun = Arrays.copyOf(whole, whole.length + 5);
      assertThat(mended(begun)).as("half a marker follows").isEqualTo(begun);
    }
  }

  @Test
  void otherDamageIsLeftForTheNodeToRefuse() throws Exception {
    byte[] damaged = Arrays.copyOf(segment(3), HEADER + 2 * SECTION + 50);
    damaged[HEADER + SECTION + 5] ^= 1;
    assertThat(mended(damaged)).isEqualTo(damaged);
  }

  @Test
  void aSegmentWithoutAWholeHeaderIsRemoved() throws Exception {
    for (int length = 0; length < HEADER; length++) {
      assertThat(mended(Arrays.copyOf(segment(0), length))).as("of " + length).isEmpty();
    }
  }
}
