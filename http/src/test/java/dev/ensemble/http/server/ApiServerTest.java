package dev.ensemble.http.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ensemble.http.testing.TestServer;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class ApiServerTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String MAPS = "/api/v1/namespaces/default/configmaps";
  private static TestServer server;
  private static HttpClient admin;

  @BeforeAll
  static void start() throws Exception {
    server = TestServer.start();
    admin = server.client(HttpClient.Version.HTTP_2, Optional.of("admin"));
  }

  @AfterAll
  static void stop() throws Exception {
    server.close();
  }

  @Test
  void whatIsCreatedIsReadBackWithTheServersMetadata() throws Exception {
    HttpResponse<String> created = send("POST", MAPS, map("made", "a", "1"));
    assertThat(created.statusCode()).isEqualTo(201);
    assertThat(created.version()).isEqualTo(HttpClient.Version.HTTP_2);
    JsonNode object = JSON.readTree(created.body());
    assertThat(object.path("metadata").path("uid").asText()).hasSize(36);
    assertThat(object.path("metadata").path("resourceVersion").asText()).hasSize(17);
    assertThat(object.path("metadata").path("managedFields").get(0).path("manager").asText())
        .isEqualTo("Java-http-client");
    assertThat(JSON.readTree(send("GET", MAPS + "/made", "").body())).isEqualTo(object);
  }

  @Test
  void aMissingObjectIsAnsweredWithTheWholeStatus() throws Exception {
    HttpResponse<String> answer =
        send("GET", "/apis/apps/v1/namespaces/default/deployments/nope", "");
    assertThat(answer.statusCode()).isEqualTo(404);
    assertThat(JSON.readTree(answer.body()))
        .isEqualTo(
            JSON.readTree(
                """
                {"kind":"Status","apiVersion":"v1","metadata":{},"status":"Failure",
                 "message":"deployments.apps \\"nope\\" not found","reason":"NotFound",
                 "details":{"name":"nope","group":"apps","kind":"deployments"},"code":404}
                """));
  }

  @Test
  void aSecondCreateOfTheSameNameIsAConflict() throws Exception {
    send("POST", MAPS, map("twice", "a", "1"));
    JsonNode status = JSON.readTree(send("POST", MAPS, map("twice", "a", "1")).body());
    assertThat(status.path("reason").asText()).isEqualTo("AlreadyExists");
    assertThat(status.path("message").asText()).isEqualTo("configmaps \"twice\" already exists");
  }

  @Test
  void anUpdateOfAnOldVersionIsRefusedAndOneWithoutVersionIsNot() throws Exception {
    ObjectNode first =
        (ObjectNode) JSON.readTree(send("POST", MAPS, map("raced", "a", "1")).body());
    ObjectNode second = first.deepCopy();
    second.withObject("/data").put("a", "2");
    assertThat(send("PUT", MAPS + "/raced", second.toString()).statusCode()).isEqualTo(200);
    HttpResponse<String> late = send("PUT", MAPS + "/raced", first.toString());
    assertThat(late.statusCode()).isEqualTo(409);
    assertThat(JSON.readTree(late.body()).path("message").asText())
        .startsWith("Operation cannot be fulfilled on configmaps \"raced\"");
    assertThat(send("PUT", MAPS + "/raced", map("raced", "a", "3")).statusCode()).isEqualTo(200);
  }

  @Test
  void anUpdateThatChangesNothingKeepsTheResourceVersion() throws Exception {
    String created = send("POST", MAPS, map("same", "a", "1")).body();
    HttpResponse<String> again = send("PUT", MAPS + "/same", map("same", "a", "1"));
    assertThat(again.statusCode()).isEqualTo(200);
    assertThat(JSON.readTree(again.body())).isEqualTo(JSON.readTree(created));
  }

  @Test
  void aDryRunStoresNothing() throws Exception {
    assertThat(send("POST", MAPS + "?dryRun=All", map("dry", "a", "1")).statusCode())
        .isEqualTo(201);
    assertThat(send("GET", MAPS + "/dry", "").statusCode()).isEqualTo(404);
  }

  @Test
  void strictFieldValidationRefusesWhatWarnOnlyWarnsOf() throws Exception {
    String odd = "{\"metadata\":{\"name\":\"odd\"},\"colour\":\"red\"}";
    HttpResponse<String> strict = send("POST", MAPS + "?fieldValidation=Strict", odd);
    assertThat(strict.statusCode()).isEqualTo(400);
    assertThat(JSON.readTree(strict.body()).path("message").asText())
        .contains("strict decoding error: unknown field \"colour\"");
    HttpResponse<String> warned = send("POST", MAPS, odd);
    assertThat(warned.statusCode()).isEqualTo(201);
    assertThat(warned.headers().firstValue("Warning").orElse(""))
        .isEqualTo("299 - \"unknown field \\\"colour\\\"\"");
  }

  @Test
  void aPatchOfAnUnknownTypeNamesTheKnownOnes() throws Exception {
    send("POST", MAPS, map("patched", "a", "1"));
    HttpResponse<String> answer =
        send("PATCH", MAPS + "/patched", "{}", "Content-Type", "text/plain");
    assertThat(answer.statusCode()).isEqualTo(415);
    HttpResponse<String> merged =
        send(
            "PATCH",
            MAPS + "/patched",
            "{\"data\":{\"a\":null,\"b\":\"2\"}}",
            "Content-Type",
            "application/merge-patch+json");
    assertThat(JSON.readTree(merged.body()).path("data").toString()).isEqualTo("{\"b\":\"2\"}");
  }

  @Test
  void listsInChunksSeeOneRevisionUntilTheEnd() throws Exception {
    for (int i = 0; i < 5; i++) {
      send(
          "POST",
          "/api/v1/namespaces/kube-public/configmaps",
          map("chunk-" + i, "a", "1").replace("\"name\"", "\"labels\":{\"chunk\":\"y\"},\"name\""));
    }
    String path = "/api/v1/namespaces/kube-public/configmaps?limit=2&labelSelector=chunk%3Dy";
    JsonNode page = JSON.readTree(send("GET", path, "").body());
    String revision = page.path("metadata").path("resourceVersion").asText();
    List<String> names = new ArrayList<>();
    names(page, names);
    send("DELETE", "/api/v1/namespaces/kube-public/configmaps/chunk-4", "");
    while (page.path("metadata").has("continue")) {
      String token = page.path("metadata").path("continue").asText();
      page = JSON.readTree(send("GET", path + "&continue=" + token, "").body());
      assertThat(page.path("metadata").path("resourceVersion").asText()).isEqualTo(revision);
      names(page, names);
    }
    assertThat(names).containsExactly("chunk-0", "chunk-1", "chunk-2", "chunk-3", "chunk-4");
  }

  @Test
  void withoutACertificateOnlyHealthAndVersionAreServed() throws Exception {
    HttpClient nobody = server.client(HttpClient.Version.HTTP_1_1, Optional.empty());
    assertThat(server.send(nobody, "GET", "/healthz", "").body()).isEqualTo("ok");
    assertThat(server.send(nobody, "GET", "/version", "").statusCode()).isEqualTo(200);
    HttpResponse<String> refused = server.send(nobody, "GET", "/api/v1/namespaces/n/pods", "");
    assertThat(JSON.readTree(refused.body()))
        .isEqualTo(
            JSON.readTree(
                """
                {"kind":"Status","apiVersion":"v1","metadata":{},"status":"Failure","message":
                 "pods is forbidden: User \\"system:anonymous\\" cannot list resource \\"pods\\" in API group \\"\\" in the namespace \\"n\\"",
                 "reason":"Forbidden","details":{"kind":"pods"},"code":403}
                """));
  }

  @Test
  void aNodeReadsItselfAndNoOther() throws Exception {
    HttpClient node = server.client(HttpClient.Version.HTTP_2, Optional.of("node:n1"));
    assertThat(server.send(node, "GET", "/api/v1/nodes/n1", "").statusCode()).isEqualTo(404);
    assertThat(server.send(node, "GET", "/api/v1/nodes/n2", "").statusCode()).isEqualTo(403);
    assertThat(server.send(node, "GET", "/api/v1/secrets", "").statusCode()).isEqualTo(403);
  }

  @Test
  void impersonationAsksAsTheOther() throws Exception {
    HttpResponse<String> answer = send("GET", "/api/v1/nodes", "", "Impersonate-User", "bob");
    assertThat(JSON.readTree(answer.body()).path("message").asText())
        .isEqualTo(
            "nodes is forbidden: User \"bob\" cannot list resource \"nodes\" in API group \"\" at"
                + " the cluster scope");
  }

  @Test
  void servicesCreatedTogetherNeverShareAnAddress() throws Exception {
    List<CompletableFuture<String>> created = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      String body =
          "{\"metadata\":{\"generateName\":\"s-\"},\"spec\":{\"type\":\"NodePort\",\"ports\":[{\"port\":80}]}}";
      created.add(
          CompletableFuture.supplyAsync(
              () -> {
                try {
                  return send("POST", "/api/v1/namespaces/default/services", body).body();
                } catch (Exception e) {
                  throw new IllegalStateException(e);
                }
              }));
    }
    Set<String> addresses = new HashSet<>();
    Set<Integer> ports = new HashSet<>();
    for (CompletableFuture<String> answer : created) {
      JsonNode spec = JSON.readTree(answer.get()).path("spec");
      addresses.add(spec.path("clusterIP").asText());
      ports.add(spec.path("ports").get(0).path("nodePort").asInt());
    }
    assertThat(addresses).hasSize(40);
    assertThat(ports).hasSize(40);
    String taken = addresses.iterator().next();
    JsonNode refused =
        JSON.readTree(
            send(
                    "POST",
                    "/api/v1/namespaces/default/services",
                    "{\"metadata\":{\"name\":\"t\"},\"spec\":{\"clusterIP\":\""
                        + taken
                        + "\",\"ports\":[{\"port\":80}]}}")
                .body());
    assertThat(refused.path("message").asText())
        .contains("spec.clusterIPs", "provided IP is already allocated");
  }

  @Test
  void whatAdmissionAddsBelongsToNoManager() throws Exception {
    String path = "/api/v1/namespaces/default/services";
    JsonNode made =
        JSON.readTree(
            send(
                    "POST",
                    path,
                    "{\"metadata\":{\"name\":\"owned\"},\"spec\":{\"ports\":[{\"port\":80}]}}")
                .body());
    String wantsPort =
        "{\"metadata\":{\"name\":\"owned\"},\"spec\":{\"type\":\"NodePort\",\"ports\":[{\"port\":80}]}}";
    JsonNode updated = JSON.readTree(send("PUT", path + "/owned", wantsPort).body());
    assertThat(made.path("spec").path("clusterIP").asText()).isNotEmpty();
    assertThat(updated.path("spec").path("ports").get(0).path("nodePort").asInt()).isPositive();
    for (JsonNode service : List.of(made, updated)) {
      assertThat(service.path("metadata").path("managedFields").toString())
          .contains("\"f:sessionAffinity\"", "\"f:port\"")
          .doesNotContain("f:clusterIP", "f:nodePort");
    }
  }

  @Test
  void unknownPathsAreAPageNotFound() throws Exception {
    HttpResponse<String> answer = send("GET", "/apis/nothing.example/v1/things", "");
    assertThat(answer.statusCode()).isEqualTo(404);
    assertThat(answer.body()).isEqualTo("404 page not found\n");
  }

  @Test
  void aBodyThatIsTooLargeIsRefused() throws Exception {
    HttpResponse<String> answer = send("POST", MAPS, map("big", "a", "x".repeat(3 * 1024 * 1024)));
    assertThat(answer.statusCode()).isEqualTo(413);
  }

  private static void names(JsonNode list, List<String> names) {
    list.path("items").forEach(item -> names.add(item.path("metadata").path("name").asText()));
  }

  private static String map(String name, String key, String value) {
    return "{\"metadata\":{\"name\":\""
        + name
        + "\"},\"data\":{\""
        + key
        + "\":\""
        + value
        + "\"}}";
  }

  private static HttpResponse<String> send(
      String method, String path, String body, String... headers) throws Exception {
    return server.send(admin, method, path, body, headers);
  }
}
