package dev.ensemble.core.entity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class ObjectEventCodecTest {
  @Test
  void everyStoredSampleOfVersionOneIsReadAndWrittenAsItIs() throws IOException {
    List<String> names = new ArrayList<>();
    for (String sample : samples("samples/v1.jsonl")) {
      ObjectEvent event = ObjectEventCodec.decode(1, sample.getBytes(StandardCharsets.UTF_8));
      assertThat(new String(ObjectEventCodec.encode(event), StandardCharsets.UTF_8))
          .isEqualTo(sample);
      assertThat(sample).startsWith("{\"type\":\"" + ObjectEventCodec.wireName(event) + "\"");
      names.add(ObjectEventCodec.wireName(event));
    }
    assertThat(names).containsExactlyInAnyOrderElementsOf(declaredNames());
  }

  @Test
  void anUnknownVersionIsRefused() {
    assertThatThrownBy(() -> ObjectEventCodec.decode(2, "{}".getBytes(StandardCharsets.UTF_8)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("version 2");
  }

  @Test
  void anUnknownFieldIsACorruptJournal() {
    byte[] garbled =
        "{\"type\":\"object.removed\",\"uid\":\"u\",\"extra\":1}".getBytes(StandardCharsets.UTF_8);
    assertThatThrownBy(() -> ObjectEventCodec.decode(1, garbled))
        .isInstanceOf(IllegalStateException.class);
  }

  private static List<String> declaredNames() {
    return Arrays.stream(ObjectEvent.class.getAnnotation(JsonSubTypes.class).value())
        .map(JsonSubTypes.Type::name)
        .toList();
  }

  private static List<String> samples(String resource) throws IOException {
    try (InputStream in = ObjectEventCodecTest.class.getResourceAsStream(resource)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
    }
  }
}
