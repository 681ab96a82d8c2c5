package dev.ensemble.http.resource;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.ensemble.core.object.ObjectKey;
import dev.ensemble.http.testing.TestServer;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ContainerFilesTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String PATH = "/ensemble/v1/containers";
  private static TestServer server;

  @BeforeAll
  static void start() throws Exception {
    server = TestServer.start();
  }

  @AfterAll
  static void stop() throws Exception {
    server.close();
  }

  @Test
  void aFileIsStoredAsADefaultedPodInTheNamespaceDefault() throws Exception {
    HttpResponse<String> answer =
        post(
            """
            { "id": "28", "created": "2022-02-01T00:00:00.000Z", "name": "web-app", "image": "nginx:1.14.2",
              "cmd": ["nginx", "-g", "daemon off;"], "ports": [ { "private": 80, "public": 80 } ] }
            """);
    assertThat(answer.statusCode()).isEqualTo(201);
    JsonNode pod = JSON.readTree(answer.body());
    assertThat(pod.path("kind").asText()).isEqualTo("Pod");
    assertThat(pod.path("metadata").path("annotations"))
        .isEqualTo(
            JSON.readTree(
                "{\"ensemble.dev/id\":\"28\",\"ensemble.dev/created\":\"2022-02-01T00:00:00.000Z\"}"));
    JsonNode container = pod.path("spec").path("containers").get(0);
    assertThat(container.path("ports"))
        .isEqualTo(JSON.readTree("[{\"containerPort\":80,\"hostPort\":80,\"protocol\":\"TCP\"}]"));
    assertThat(container.path("imagePullPolicy").asText()).isEqualTo("IfNotPresent");
    assertThat(pod.path("spec").path("tolerations").isEmpty()).isFalse();
    assertThat(
            JSON.readTree(server.send("GET", "/api/v1/namespaces/default/pods/web-app", "").body()))
        .isEqualTo(pod);
    HttpResponse<String> again = post("{\"name\":\"web-app\",\"image\":\"nginx\"}");
    assertThat(again.statusCode()).isEqualTo(409);
    assertThat(JSON.readTree(again.body()).path("message").asText())
        .isEqualTo("pods \"web-app\" already exists");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "``                     | 400 | the file is empty",
        "nginx                  | 400 | the file is not JSON",
        "{\"name\":\"bad\"}     | 422 | image: Required value",
        "{\"name\":\"bad\",\"image\":\"i\",\"ports\":[{\"private\":70000}]} | 422 |"
            + " ports[0].private",
        "{\"name\":\"bad\",\"image\":\"i\",\"colour\":\"red\"} | 422 | colour: Forbidden: unknown"
            + " field",
      })
  void aBadFileIsRefusedByItsField(String file, int code, String message) throws Exception {
    HttpResponse<String> answer = post(file);
    assertThat(answer.statusCode()).isEqualTo(code);
    assertThat(JSON.readTree(answer.body()).path("message").asText()).contains(message);
    assertThat(server.keys("pods")).doesNotContain(ObjectKey.of("pods", "default", "bad"));
  }

  @Test
  void whoMayNotCreatePodsMayNotPostFiles() throws Exception {
    HttpClient nobody = server.client(HttpClient.Version.HTTP_1_1, Optional.empty());
    HttpResponse<String> refused =
        server.send(nobody, "POST", PATH, "{\"name\":\"no\",\"image\":\"i\"}");
    assertThat(refused.statusCode()).isEqualTo(403);
    assertThat(JSON.readTree(refused.body()).path("message").asText())
        .isEqualTo(
            "pods is forbidden: User \"system:anonymous\" cannot create resource \"pods\" in API"
                + " group \"\" in the namespace \"default\"");
  }

  @Test
  void nothingButPostIsServed() throws Exception {
    assertThat(server.send("GET", PATH, "").statusCode()).isEqualTo(405);
  }

  private static HttpResponse<String> post(String file) throws Exception {
    return server.send("POST", PATH, file, "Content-Type", "application/json");
  }
}
