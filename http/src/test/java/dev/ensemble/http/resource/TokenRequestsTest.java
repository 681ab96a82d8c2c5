package dev.ensemble.http.resource;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.ensemble.http.testing.TestServer;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TokenRequestsTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String ACCOUNTS = "/api/v1/namespaces/default/serviceaccounts";
  private static final String TOKENS = ACCOUNTS + "/robot/token";
  private static final String WHO = "/apis/authentication.k8s.io/v1/selfsubjectreviews";
  private static TestServer server;
  private static HttpClient nobody;
  private static HttpClient admin;
  private static HttpClient node;
  private static String podUid;

  @BeforeAll
  static void start() throws Exception {
    server = TestServer.start();
    nobody = server.client(HttpClient.Version.HTTP_2, Optional.empty());
    admin = server.client(HttpClient.Version.HTTP_2, Optional.of("admin"));
    node = server.client(HttpClient.Version.HTTP_2, Optional.of("node:n1"));
    post(admin, ACCOUNTS, "{'metadata':{'name':'robot'}}");
    post(admin, ACCOUNTS, "{'metadata':{'name':'another'}}");
    for (String name : List.of("p", "other")) {
      HttpResponse<String> pod =
          post(
              admin,
              "/api/v1/namespaces/default/pods",
              "{'metadata':{'name':'"
                  + name
                  + "'},'spec':{'serviceAccountName':'"
                  + (name.equals("p") ? "robot" : "another")
                  + "','containers':[{'name':'c','image':'i'}]}}");
      if (name.equals("p")) {
        podUid = JSON.readTree(pod.body()).path("metadata").path("uid").asText();
      }
    }
    server.bind("p", "n1");
  }

  @AfterAll
  static void stop() throws Exception {
    server.close();
  }

  @Test
  void aTokenIsItsAccountAndMayOnlyWhatAnAccountMay() throws Exception {
    HttpResponse<String> answer = post(admin, TOKENS, "{'spec':{'expirationSeconds':600}}");
    assertThat(answer.statusCode()).isEqualTo(201);
    JsonNode made = JSON.readTree(answer.body());
    assertThat(made.path("spec"))
        .isEqualTo(
            JSON.readTree(
                """
                {"expirationSeconds":600,"audiences":["https://kubernetes.default.svc.cluster.local"]}
                """));
    Instant expires = Instant.parse(made.path("status").path("expirationTimestamp").asText());
    assertThat(expires).isBetween(Instant.now().plusSeconds(500), Instant.now().plusSeconds(600));
    String bearer = "Bearer " + made.path("status").path("token").asText();
    JsonNode info =
        JSON.readTree(server.send(nobody, "POST", WHO, "{}", "Authorization", bearer).body())
            .path("status")
            .path("userInfo");
    assertThat(info.path("username").asText()).isEqualTo("system:serviceaccount:default:robot");
    assertThat(info.path("groups"))
        .isEqualTo(
            JSON.readTree(
                """
                ["system:serviceaccounts","system:serviceaccounts:default","system:authenticated"]
                """));
    String pods = "/api/v1/namespaces/default/pods";
    assertThat(server.send(nobody, "GET", pods, "", "Authorization", bearer).statusCode())
        .isEqualTo(403);
    assertThat(server.send(nobody, "GET", pods, "", "Authorization", bearer + "x").statusCode())
        .isEqualTo(401);
  }

  @Test
  void aTokenForAnotherAudienceIsGoodOnlyThere() throws Exception {
    String token =
        JSON.readTree(post(admin, TOKENS, "{'spec':{'audiences':['vault']}}").body())
            .path("status")
            .path("token")
            .asText();
    assertThat(
            server.send(nobody, "POST", WHO, "{}", "Authorization", "Bearer " + token).statusCode())
        .isEqualTo(401);
    String reviews = "/apis/authentication.k8s.io/v1/tokenreviews";
    JsonNode there =
        JSON.readTree(
            post(admin, reviews, "{'spec':{'token':'" + token + "','audiences':['vault','x']}}")
                .body());
    assertThat(there.path("status").path("authenticated").asBoolean()).isTrue();
    assertThat(there.path("status").path("audiences").toString()).isEqualTo("[\"vault\"]");
    JsonNode here =
        JSON.readTree(post(admin, reviews, "{'spec':{'token':'" + token + "'}}").body());
    assertThat(here.path("status").path("authenticated").asBoolean()).isFalse();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "robot | {'spec':{'expirationSeconds':60}} | 422 | spec.expirationSeconds: Invalid value:"
            + " 60: may not specify a duration less than 10 minutes",
        "nope  | {'spec':{}} | 404 | serviceaccounts \"nope\" not found",
        "robot | {'spec':{'boundObjectRef':{'kind':'Pod','apiVersion':'v1','name':'gone'}}} | 404 |"
            + " pods \"gone\" not found",
        "robot | {'spec':{'boundObjectRef':{'kind':'Pod','apiVersion':'v1','name':'other'}}} | 400"
            + " | different serviceaccount name",
        "robot | {'spec':{'boundObjectRef':{'kind':'Pod','apiVersion':'v1','name':'p','uid':'x'}}}"
            + " | 409 | does not match the UID in record",
        "robot | {'spec':{'boundObjectRef':{'kind':'Service','apiVersion':'v1','name':'p'}}} | 400"
            + " | cannot bind token to object of type v1/Service",
        "robot | {'metadata':{'name':'a'},'spec':{}} | 400 | does not match",
      })
  void whatATokenMayNotBeIsRefused(String account, String body, int code, String why)
      throws Exception {
    HttpResponse<String> answer = post(admin, ACCOUNTS + "/" + account + "/token", body);
    assertThat(answer.statusCode()).isEqualTo(code);
    assertThat(JSON.readTree(answer.body()).path("message").asText()).contains(why);
  }

  @Test
  void aNodeGetsTokensOfItsOwnPodsOnly() throws Exception {
    assertThat(post(node, TOKENS, "{'spec':{}}").statusCode()).isEqualTo(403);
    String bound = "{'spec':{'boundObjectRef':{'kind':'Pod','apiVersion':'v1','name':'p'UID}}}";
    assertThat(post(node, TOKENS, bound.replace("UID", "")).body()).contains("without a uid");
    assertThat(post(node, TOKENS, bound.replace("UID", ",'uid':'" + podUid + "'")).statusCode())
        .isEqualTo(201);
    HttpClient other = server.client(HttpClient.Version.HTTP_2, Optional.of("node:n2"));
    assertThat(post(other, TOKENS, bound.replace("UID", ",'uid':'" + podUid + "'")).body())
        .contains("scheduled on a different node");
  }

  private static HttpResponse<String> post(HttpClient client, String path, String body)
      throws Exception {
    return server.send(client, "POST", path, body.replace('\'', '"'));
  }
}
