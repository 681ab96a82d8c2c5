package dev.ensemble.http.watch;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.ensemble.http.testing.TestServer;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class WatchTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static TestServer server;

  @BeforeAll
  static void start() throws Exception {
    server = TestServer.start();
  }

  @AfterAll
  static void stop() throws Exception {
    server.close();
  }

  @ParameterizedTest
  @EnumSource(HttpClient.Version.class)
  void anObjectThatLeavesTheSelectionIsDeletedAsItWas(HttpClient.Version version) throws Exception {
    String maps = "/api/v1/namespaces/default/configmaps";
    String name = "w-" + version.name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
    String selected = maps + "?labelSelector=w%3D" + name;
    String revision =
        JSON.readTree(server.send("GET", selected, "").body())
            .path("metadata")
            .path("resourceVersion")
            .asText();
    try (BufferedReader events =
        watch(
            version, selected + "&watch=true&resourceVersion=" + revision + "&timeoutSeconds=20")) {
      server.send("POST", maps, map(name, name, "1"));
      server.send("PUT", maps + "/" + name, map(name, name, "2"));
      server.send("PUT", maps + "/" + name, map(name, "other", "3"));
      server.send("PUT", maps + "/" + name, map(name, name, "4"));
      server.send("DELETE", maps + "/" + name, "");
      List<String> seen = new ArrayList<>();
      long last = Long.parseLong(revision);
      for (int i = 0; i < 5; i++) {
        JsonNode event = JSON.readTree(events.readLine());
        JsonNode object = event.path("object");
        seen.add(event.path("type").asText() + " " + object.path("data").path("v").asText());
        long now = object.path("metadata").path("resourceVersion").asLong();
        assertThat(now).isGreaterThan(last);
        last = now;
      }
      assertThat(seen)
          .containsExactly("ADDED 1", "MODIFIED 2", "DELETED 2", "ADDED 4", "DELETED 4");
    }
  }

  @ParameterizedTest
  @EnumSource(HttpClient.Version.class)
  void aWatchListEndsItsInitialEventsWithABookmark(HttpClient.Version version) throws Exception {
    try (BufferedReader events =
        watch(
            version,
            "/api/v1/namespaces?watch=true&sendInitialEvents=true&allowWatchBookmarks=true"
                + "&resourceVersionMatch=NotOlderThan&timeoutSeconds=20")) {
      List<String> seen = new ArrayList<>();
      JsonNode event = JSON.readTree(events.readLine());
      while (event.path("type").asText().equals("ADDED")) {
        seen.add(event.path("object").path("metadata").path("name").asText());
        event = JSON.readTree(events.readLine());
      }
      assertThat(seen).containsExactly("default", "kube-node-lease", "kube-public", "kube-system");
      assertThat(event.path("type").asText()).isEqualTo("BOOKMARK");
      assertThat(
              event
                  .path("object")
                  .path("metadata")
                  .path("annotations")
                  .path("k8s.io/initial-events-end")
                  .asText())
          .isEqualTo("true");
    }
  }

  @ParameterizedTest
  @EnumSource(HttpClient.Version.class)
  void aRevisionThatIsNoLongerHeldEndsInAnErrorEvent(HttpClient.Version version) throws Exception {
    try (BufferedReader events =
        watch(version, "/api/v1/configmaps?watch=true&resourceVersion=1&timeoutSeconds=20")) {
      JsonNode event = JSON.readTree(events.readLine());
      assertThat(event.path("type").asText()).isEqualTo("ERROR");
      assertThat(event.path("object").path("code").asInt()).isEqualTo(410);
      assertThat(event.path("object").path("reason").asText()).isEqualTo("Expired");
      assertThat(events.readLine()).isNull();
    }
  }

  private static String map(String name, String label, String value) {
    return "{\"metadata\":{\"name\":\""
        + name
        + "\",\"labels\":{\"w\":\""
        + label
        + "\"}},\"data\":{\"v\":\""
        + value
        + "\"}}";
  }

  private static BufferedReader watch(HttpClient.Version version, String path) throws Exception {
    HttpResponse<java.io.InputStream> response =
        server
            .client(version, Optional.of("admin"))
            .send(
                HttpRequest.newBuilder(server.uri(path)).build(),
                HttpResponse.BodyHandlers.ofInputStream());
    assertThat(response.statusCode()).isEqualTo(200);
    return new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8));
  }
}
