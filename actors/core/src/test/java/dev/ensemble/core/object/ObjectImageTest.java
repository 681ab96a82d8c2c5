package dev.ensemble.core.object;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class ObjectImageTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final long REVISION = 57_436_128_000_000_032L;

  @Test
  void theRevisionIsPutInItsPlaceAndTheRestIsKept() throws IOException {
    ObjectNode object = JSON.createObjectNode();
    object.putObject("data").put("k", "\"resourceVersion\":\"1\" ü");
    object.put("kind", "ConfigMap").put("apiVersion", "v1");
    object.putObject("metadata").put("name", "web").putObject("annotations").put("a", "b");

    byte[] json = ObjectImage.of(object).stamped(REVISION);

    assertThat(new String(json, StandardCharsets.UTF_8))
        .startsWith(
            "{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",\"metadata\":{\"name\":\"web\",\"resourceVersion\":\""
                + REVISION
                + "\"");
    ObjectNode expected = object.deepCopy();
    ((ObjectNode) expected.path("metadata")).put("resourceVersion", Long.toString(REVISION));
    assertThat(JSON.readTree(json)).isEqualTo(expected);
  }

  @Test
  void theRevisionsPlaceIsFoundAgainInStoredBytes() {
    ObjectNode object = JSON.createObjectNode().put("kind", "Pod");
    object.putObject("metadata").put("name", "web");
    ObjectImage image = ObjectImage.of(object);
    byte[] json = image.stamped(REVISION);

    assertThat(ObjectImage.offsetIn(json)).isEqualTo(image.revisionOffset());
    assertThat(
            new String(
                ObjectImage.restamped(json, image.revisionOffset(), REVISION + 32),
                StandardCharsets.UTF_8))
        .contains("\"resourceVersion\":\"" + (REVISION + 32) + "\"");
    assertThat(new String(json, StandardCharsets.UTF_8)).contains("\"" + REVISION + "\"");
  }

  @Test
  void aFieldThatIsThereIsNeverMissedAndOneThatIsNotMayOnlyBeConfusedWithText() {
    ObjectNode object = JSON.createObjectNode();
    object.putObject("metadata").put("name", "web").putArray("ownerReferences");
    object.putObject("data").put("k", "deletionTimestamp").put("l", "a finalizers b");
    byte[] json = ObjectImage.of(object).stamped(REVISION);

    assertThat(ObjectImage.mayHave(json, "ownerReferences")).isTrue();
    assertThat(ObjectImage.mayHave(json, "deletionTimestamp")).isTrue();
    assertThat(ObjectImage.mayHave(json, "finalizers")).isFalse();
    assertThat(ObjectImage.mayHave(json, "ownerReference")).isFalse();
    assertThat(ObjectImage.mayHave(new byte[0], "metadata")).isFalse();
  }

  @Test
  void aRevisionOfAnotherLengthIsABug() {
    ObjectImage image = ObjectImage.of(JSON.createObjectNode());
    assertThatThrownBy(() -> image.stamped(12)).isInstanceOf(IllegalStateException.class);
  }
}
