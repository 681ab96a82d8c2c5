package dev.ensemble.http.read;

import static org.assertj.core.api.Assertions.assertThat;

import akka.util.ByteString;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ListPiecesTest {
  private static final byte[] START = "{\"items\":[".getBytes(StandardCharsets.US_ASCII);

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 100, 16_000})
  void piecesPutTogetherAreTheList(int count) {
    List<byte[]> items = new ArrayList<>();
    List<String> texts = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      String text = "{\"n\":" + "7".repeat(1 + i % 40) + "}";
      texts.add(text);
      items.add(text.getBytes(StandardCharsets.US_ASCII));
    }

    StringBuilder list = new StringBuilder();
    new ListPieces(START, items).forEachRemaining(piece -> list.append(piece.utf8String()));

    assertThat(list.toString()).isEqualTo("{\"items\":[" + String.join(",", texts) + "]}");
  }

  @Test
  void allPiecesButTheLastAreFull() {
    List<byte[]> items = List.of(new byte[3 * ListPieces.PIECE_BYTES / 2], new byte[700_000]);

    List<Integer> sizes = new ArrayList<>();
    new ListPieces(START, items).forEachRemaining((ByteString piece) -> sizes.add(piece.size()));

    assertThat(sizes.subList(0, sizes.size() - 1)).containsOnly(ListPieces.PIECE_BYTES);
    assertThat(sizes.stream().mapToInt(Integer::intValue).sum())
        .isEqualTo(START.length + items.get(0).length + items.get(1).length + 3);
  }
}
