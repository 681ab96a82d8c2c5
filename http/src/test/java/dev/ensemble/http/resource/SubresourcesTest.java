package dev.ensemble.http.resource;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.ensemble.core.object.ObjectKey;
import dev.ensemble.http.testing.TestServer;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SubresourcesTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String PODS = "/api/v1/namespaces/default/pods";
  private static final String MAPS = "/api/v1/namespaces/default/configmaps";
  private static final String SETS = "/apis/apps/v1/namespaces/default/replicasets";
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
  void namespacesAreNotDeletedAllAtOnce() throws Exception {
    assertThat(send("DELETE", "/api/v1/namespaces", "").statusCode()).isEqualTo(405);
    assertThat(send("GET", "/api/v1/namespaces/default", "").statusCode()).isEqualTo(200);
  }

  @Test
  void aBindingPlacesAPodOnce() throws Exception {
    pod("bound");
    String binding =
        "{'metadata':{'name':'bound'},'target':{'apiVersion':'v1','kind':'Node','name':'n1'}}";
    HttpResponse<String> first = send("POST", PODS + "/bound/binding", binding);
    assertThat(first.statusCode()).isEqualTo(201);
    assertThat(JSON.readTree(first.body()).path("status").asText()).isEqualTo("Success");
    assertThat(get(PODS + "/bound").path("spec").path("nodeName").asText()).isEqualTo("n1");
    HttpResponse<String> second =
        send("POST", "/api/v1/namespaces/default/bindings", binding.replace("n1", "n2"));
    assertThat(second.statusCode()).isEqualTo(409);
    assertThat(send("POST", PODS + "/none/binding", binding.replace("bound", "none")).statusCode())
        .isEqualTo(404);
    assertThat(send("POST", PODS + "/other/binding", binding).statusCode()).isEqualTo(400);
    assertThat(send("GET", PODS + "/bound/binding", "").statusCode()).isEqualTo(405);
  }

  @Test
  void anEvictionDeletesThePodAndOnlyTheOneNamed() throws Exception {
    pod("evicted");
    String eviction =
        "{'apiVersion':'policy/v1','kind':'Eviction','metadata':{'name':'evicted','namespace':'default'}}";
    assertThat(
            send("POST", PODS + "/evicted/eviction", eviction.replace("'evicted'", "'x'"))
                .statusCode())
        .isEqualTo(400);
    assertThat(send("POST", PODS + "/evicted/eviction?dryRun=All", eviction).statusCode())
        .isEqualTo(201);
    assertThat(send("GET", PODS + "/evicted", "").statusCode()).isEqualTo(200);
    HttpResponse<String> done = send("POST", PODS + "/evicted/eviction", eviction);
    assertThat(done.statusCode()).isEqualTo(201);
    assertThat(JSON.readTree(done.body()).path("status").asText()).isEqualTo("Success");
    assertThat(send("GET", PODS + "/evicted", "").statusCode()).isEqualTo(404);
    assertThat(send("POST", PODS + "/evicted/eviction", eviction).statusCode()).isEqualTo(404);
  }

  @Test
  void aNamespaceGoesWhenItsLastFinalizerDoes() throws Exception {
    send("POST", "/api/v1/namespaces", "{'metadata':{'name':'going'}}");
    HttpResponse<String> deleted = send("DELETE", "/api/v1/namespaces/going", "");
    assertThat(deleted.statusCode()).isEqualTo(200);
    JsonNode namespace = JSON.readTree(deleted.body());
    assertThat(namespace.path("status").path("phase").asText()).isEqualTo("Terminating");
    HttpResponse<String> refused =
        send("POST", MAPS.replace("default", "going"), "{'metadata':{'name':'late'}}");
    assertThat(refused.statusCode()).isEqualTo(403);
    assertThat(refused.body()).contains("because it is being terminated");
    ((com.fasterxml.jackson.databind.node.ObjectNode) namespace.path("spec")).remove("finalizers");
    HttpResponse<String> finalized =
        send("PUT", "/api/v1/namespaces/going/finalize", namespace.toString());
    assertThat(finalized.statusCode()).isEqualTo(200);
    assertThat(send("GET", "/api/v1/namespaces/going", "").statusCode()).isEqualTo(404);
  }

  @Test
  void aCollectionIsDeletedAsItIsSelected() throws Exception {
    for (int i = 0; i < 70; i++) {
      map("many-" + i, "yes");
    }
    map("kept", "no");
    HttpResponse<String> deleted = send("DELETE", MAPS + "?labelSelector=many%3Dyes", "");
    assertThat(deleted.statusCode()).isEqualTo(200);
    assertThat(JSON.readTree(deleted.body()).path("items")).hasSize(70);
    assertThat(server.keys("configmaps")).contains(ObjectKey.of("configmaps", "default", "kept"));
    assertThat(get(MAPS + "?labelSelector=many%3Dyes").path("items").isEmpty()).isTrue();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "d1 | {'propagationPolicy':'Foreground'} | 202",
        "d2 | {'propagationPolicy':'Orphan'}     | 200",
        "d3 | {'propagationPolicy':'Background'} | 200",
        "d4 | {'orphanDependents':false}         | 200",
        "d5 | {}                                 | 200",
      })
  void onlyADeletionThatWaitsForDependentsIsAccepted(String name, String options, int code)
      throws Exception {
    send(
        "POST",
        SETS,
        "{'metadata':{'name':'"
            + name
            + "'},'spec':{'selector':{'matchLabels':{'a':'b'}},'template':{'metadata':{'labels':{'a':'b'}},"
            + "'spec':{'containers':[{'name':'c','image':'i'}]}}}}");
    assertThat(send("DELETE", SETS + "/" + name, options).statusCode()).isEqualTo(code);
  }

  @Test
  void anExactListIsWhatWasThere() throws Exception {
    map("was", "exact");
    map("goes", "exact");
    String list = MAPS + "?labelSelector=many%3Dexact";
    String then = get(list).path("metadata").path("resourceVersion").asText();
    map("comes", "exact");
    send("DELETE", MAPS + "/goes", "");
    send("PUT", MAPS + "/was", "{'metadata':{'name':'was'},'data':{'now':'changed'}}");
    String exact = "&resourceVersionMatch=Exact&resourceVersion=" + then;
    JsonNode past = get(list + exact);
    assertThat(past.path("metadata").path("resourceVersion").asText()).isEqualTo(then);
    assertThat(names(past)).containsExactly("goes", "was");
    assertThat(past.path("items").get(1).has("data")).isFalse();
    JsonNode page = get(list + exact + "&limit=1");
    assertThat(names(page)).containsExactly("goes");
    String next = page.path("metadata").path("continue").asText();
    assertThat(names(get(list + "&limit=1&continue=" + next))).containsExactly("was");
    assertThat(send("GET", MAPS + "?resourceVersionMatch=Exact&resourceVersion=1", "").statusCode())
        .isEqualTo(410);
  }

  @Test
  void openApiVersionTwoComesInTheFormThatIsNamedFirst() throws Exception {
    String protobuf = "application/com.github.proto-openapi.spec.v2@v1.0+protobuf";
    HttpResponse<String> binary = server.send("GET", "/openapi/v2", "", "Accept", protobuf);
    assertThat(binary.statusCode()).isEqualTo(200);
    assertThat(binary.headers().firstValue("Content-Type"))
        .contains("application/com.github.proto-openapi.spec.v2.v1.0+protobuf");
    HttpResponse<String> text =
        server.send("GET", "/openapi/v2", "", "Accept", "application/json," + protobuf);
    assertThat(JSON.readTree(text.body()).path("swagger").asText()).isEqualTo("2.0");
  }

  private static List<String> names(JsonNode list) {
    List<String> names = new ArrayList<>();
    list.path("items").forEach(item -> names.add(item.path("metadata").path("name").asText()));
    return names;
  }

  private static void pod(String name) throws Exception {
    send(
        "POST",
        PODS,
        "{'metadata':{'name':'" + name + "'},'spec':{'containers':[{'name':'c','image':'i'}]}}");
  }

  private static void map(String name, String many) throws Exception {
    send("POST", MAPS, "{'metadata':{'name':'" + name + "','labels':{'many':'" + many + "'}}}");
  }

  private static JsonNode get(String path) throws Exception {
    return JSON.readTree(send("GET", path, "").body());
  }

  private static HttpResponse<String> send(String method, String path, String body)
      throws Exception {
    return server.send(method, path, body.replace('\'', '"'));
  }
}
