package dev.ensemble.http.watch;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.ensemble.http.testing.TestServer;
import java.io.BufferedReader;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class WatchFormsTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String MAPS = "/api/v1/namespaces/default/configmaps";
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
  void aTableWatchSendsTheColumnsOnceAndARowForEachChange() throws Exception {
    try (BufferedReader events =
        watch("table", "application/json;as=Table;v=v1;g=meta.k8s.io,application/json")) {
      change("table");
      JsonNode added = JSON.readTree(events.readLine());
      assertThat(added.path("type").asText()).isEqualTo("ADDED");
      JsonNode table = added.path("object");
      assertThat(table.path("kind").asText()).isEqualTo("Table");
      assertThat(table.path("columnDefinitions").findValuesAsText("name"))
          .containsExactly("Name", "Data", "Age");
      JsonNode row = table.path("rows").get(0);
      assertThat(row.path("cells").get(0).asText()).isEqualTo("table");
      assertThat(row.path("object").path("kind").asText()).isEqualTo("PartialObjectMetadata");
      assertThat(table.path("metadata").path("resourceVersion"))
          .isEqualTo(row.path("object").path("metadata").path("resourceVersion"));
      JsonNode modified = JSON.readTree(events.readLine());
      assertThat(modified.path("type").asText()).isEqualTo("MODIFIED");
      assertThat(modified.path("object").path("columnDefinitions").isEmpty()).isTrue();
      assertThat(modified.path("object").path("rows").get(0).path("cells").get(1).asInt())
          .isEqualTo(2);
      assertThat(JSON.readTree(events.readLine()).path("type").asText()).isEqualTo("DELETED");
    }
  }

  @Test
  void aMetadataWatchSendsNothingButMetadata() throws Exception {
    try (BufferedReader events =
        watch(
            "partial",
            "application/json;as=PartialObjectMetadata;v=v1;g=meta.k8s.io,application/json")) {
      change("partial");
      for (String type : java.util.List.of("ADDED", "MODIFIED", "DELETED")) {
        JsonNode event = JSON.readTree(events.readLine());
        assertThat(event.path("type").asText()).isEqualTo(type);
        JsonNode object = event.path("object");
        assertThat(object.path("kind").asText()).isEqualTo("PartialObjectMetadata");
        assertThat(object.path("apiVersion").asText()).isEqualTo("meta.k8s.io/v1");
        assertThat(object.path("metadata").path("name").asText()).isEqualTo("partial");
        assertThat(object.has("data")).isFalse();
      }
    }
  }

  private static void change(String name) throws Exception {
    server.send("POST", MAPS, map(name, "\"a\":\"1\""));
    server.send("PUT", MAPS + "/" + name, map(name, "\"a\":\"1\",\"b\":\"2\""));
    server.send("DELETE", MAPS + "/" + name, "");
  }

  private static String map(String name, String data) {
    return "{\"metadata\":{\"name\":\"" + name + "\"},\"data\":{" + data + "}}";
  }

  private static BufferedReader watch(String name, String accept) throws Exception {
    String list = MAPS + "?fieldSelector=metadata.name%3D" + name;
    String revision =
        JSON.readTree(server.send("GET", list, "").body())
            .path("metadata")
            .path("resourceVersion")
            .asText();
    HttpResponse<InputStream> response =
        server
            .client(HttpClient.Version.HTTP_2, Optional.of("admin"))
            .send(
                HttpRequest.newBuilder(
                        server.uri(
                            list + "&watch=true&timeoutSeconds=20&resourceVersion=" + revision))
                    .header("Accept", accept)
                    .build(),
                HttpResponse.BodyHandlers.ofInputStream());
    assertThat(response.statusCode()).isEqualTo(200);
    return new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8));
  }
}
