package dev.ensemble.loadtest.faults;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What no client should send: refused with upstream's status and reason, and nothing is stored. */
class BadInputIT {
  private static final String CONFIG_MAPS = "/api/v1/namespaces/default/configmaps";
  private static final List<String> LISTS =
      List.of(
          CONFIG_MAPS,
          "/api/v1/namespaces/default/pods",
          "/api/v1/namespaces/default/services",
          "/apis/apps/v1/namespaces/default/deployments");

  private static ProductUnderTest product;

  @BeforeAll
  static void start() throws Exception {
    product =
        ProductUnderTest.simulated("bad-input")
            .begin(ProductUnderTest::startControlPlane, BadInputIT::make);
  }

  private static void make(ProductUnderTest started) throws IOException {
    for (String object :
        List.of(
            "{\"metadata\":{\"name\":\"some\"},\"data\":{\"a\":\"1\"}}",
            "{\"metadata\":{\"name\":\"fixed\"},\"immutable\":true,\"data\":{\"a\":\"1\"}}")) {
      started.api().post(CONFIG_MAPS, object).object();
    }
  }

  @AfterAll
  static void stop() throws Exception {
    product.close();
  }

  static Stream<WrongRequest> wrongRequests() {
    return WrongRequest.all();
  }

  @ParameterizedTest
  @MethodSource("wrongRequests")
  void isRefusedAndNothingIsStored(WrongRequest wrong) throws Exception {
    List<JsonNode> before = lists();
    ApiClient.Answer answer =
        product.api().send(wrong.method(), wrong.path(), wrong.type(), wrong.body());
    assertThat(List.of(answer.status(), answer.body().path("kind").asText(), answer.reason()))
        .as(answer.body().toString())
        .containsExactly(wrong.status(), "Status", wrong.reason());
    assertThat(answer.body().path("code").asInt()).isEqualTo(wrong.status());
    assertThat(answer.body().path("message").asText()).isNotEmpty().contains(wrong.says());
    assertThat(lists()).isEqualTo(before);
  }

  @Test
  void anUnknownFieldIsDroppedWithAWarningWhenNotStrict() throws Exception {
    ApiClient.Answer answer =
        product
            .api()
            .post(
                CONFIG_MAPS + "?fieldValidation=Warn&dryRun=All",
                "{\"metadata\":{\"name\":\"a\"},\"dota\":{},\"data\":{\"a\":\"1\"}}");
    assertThat(answer.object().has("dota")).isFalse();
    assertThat(answer.object().path("data").path("a").asText()).isEqualTo("1");
  }

  /** With their resourceVersions, so that a change in them would be seen too. */
  private static List<JsonNode> lists() throws Exception {
    List<JsonNode> lists = new java.util.ArrayList<>();
    for (String path : LISTS) {
      lists.add(product.api().get(path).object());
    }
    return lists;
  }
}
