package dev.ensemble.http.resource;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.ensemble.http.testing.TestServer;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WhyNotTest {
  private static final String POD = "/ensemble/v1/namespaces/default/pods/waits/why-not/";
  private static TestServer server;

  @BeforeAll
  static void start() throws Exception {
    server = TestServer.start();
    server.send(
        "POST",
        "/api/v1/namespaces/default/pods",
        "{\"apiVersion\":\"v1\",\"kind\":\"Pod\",\"metadata\":{\"name\":\"waits\"},"
            + "\"spec\":{\"containers\":[{\"name\":\"c\",\"image\":\"i\"}]}}");
    server.send(
        "POST",
        "/api/v1/nodes",
        "{\"apiVersion\":\"v1\",\"kind\":\"Node\",\"metadata\":{\"name\":\"n\"}}");
  }

  @AfterAll
  static void stop() throws Exception {
    server.close();
  }

  @Test
  void theSchedulersAnswerIsTold() throws Exception {
    HttpResponse<String> answer = server.send("GET", POD + "n", "");
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(new ObjectMapper().readTree(answer.body()))
        .isEqualTo(
            new ObjectMapper()
                .readTree(
                    """
                    {"pod": "default/waits", "node": "n", "possible": false, "offered": true,
                     "refusals": [{"plugin": "NodeResourcesFit", "preemptionMayHelp": true,
                       "reasons": ["Insufficient cpu"]}]}
                    """));
  }

  @Test
  void asTextItIsSentences() throws Exception {
    HttpResponse<String> answer = server.send("GET", POD + "n?output=text", "");
    assertThat(answer.headers().firstValue("content-type")).hasValue("text/plain; charset=UTF-8");
    assertThat(answer.body())
        .isEqualTo(
            """
            Node n would not take pod default/waits:
              NodeResourcesFit: Insufficient cpu (ending other pods there could change it)
            """);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "GET  | /ensemble/v1/namespaces/default/pods/none/why-not/n  | 404 | pods \"none\" not"
            + " found",
        "GET  | /ensemble/v1/namespaces/default/pods/waits/why-not/m | 404 | nodes \"m\" not found",
        "POST | /ensemble/v1/namespaces/default/pods/waits/why-not/n | 405 | not allow this method",
        "GET  | /ensemble/v1/namespaces/default/pods/waits/why-not/n?output=xml | 400 | json or"
            + " text",
        "GET  | /ensemble/v1/namespaces/default/pods/waits/why       | 404 | page not found",
      })
  void whatCannotBeAnsweredSaysWhy(String method, String path, int code, String message)
      throws Exception {
    HttpResponse<String> answer = server.send(method, path, method.equals("GET") ? "" : "{}");
    assertThat(answer.statusCode()).isEqualTo(code);
    assertThat(answer.body().replace("\\\"", "\"")).contains(message);
  }
}
