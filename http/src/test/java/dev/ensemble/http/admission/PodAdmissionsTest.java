package dev.ensemble.http.admission;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.ensemble.http.testing.TestServer;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PodAdmissionsTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String NAMESPACE = "/api/v1/namespaces/default";
  private static final String PATH = "/var/run/secrets/kubernetes.io/serviceaccount";
  private static TestServer server;

  @BeforeAll
  static void start() throws Exception {
    server = TestServer.start();
    account("{'metadata':{'name':'quiet'},'automountServiceAccountToken':false}");
    account("{'metadata':{'name':'puller'},'imagePullSecrets':[{'name':'registry'}]}");
  }

  @AfterAll
  static void stop() throws Exception {
    server.close();
  }

  private static void account(String body) throws Exception {
    assertThat(
            server
                .send("POST", NAMESPACE + "/serviceaccounts", body.replace('\'', '"'))
                .statusCode())
        .isEqualTo(201);
  }

  private static JsonNode pod(int status, String name, String spec) throws Exception {
    String body = "{'metadata':{'name':'" + name + "'},'spec':{" + spec + "}}";
    HttpResponse<String> answer = server.send("POST", NAMESPACE + "/pods", body.replace('\'', '"'));
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
    return JSON.readTree(answer.body());
  }

  @Test
  void eachContainerWithoutAMountOfItsOwnGetsTheAccountsToken() throws Exception {
    JsonNode spec =
        pod(
                201,
                "mounted",
                "'volumes':[{'name':'v','emptyDir':{}}],"
                    + "'initContainers':[{'name':'i','image':'i'}],"
                    + "'containers':[{'name':'c','image':'i'},{'name':'own','image':'i',"
                    + "'volumeMounts':[{'name':'v','mountPath':'"
                    + PATH
                    + "'}]}]")
            .path("spec");
    String volume = spec.path("volumes").path(1).path("name").asText();
    assertThat(volume).matches("kube-api-access-[bcdfghjklmnpqrstvwxz2456789]{5}");
    JsonNode mounts =
        JSON.readTree(
            "[{\"name\":\"%s\",\"readOnly\":true,\"mountPath\":\"%s\"}]".formatted(volume, PATH));
    assertThat(spec.path("initContainers").path(0).path("volumeMounts")).isEqualTo(mounts);
    assertThat(spec.path("containers").path(0).path("volumeMounts")).isEqualTo(mounts);
    assertThat(spec.path("containers").path(1).path("volumeMounts")).hasSize(1);
    assertThat(spec.path("volumes").path(1).path("projected"))
        .isEqualTo(
            JSON.readTree(
                """
                {"sources":[
                  {"serviceAccountToken":{"expirationSeconds":3607,"path":"token"}},
                  {"configMap":{"name":"kube-root-ca.crt","items":[{"key":"ca.crt","path":"ca.crt"}]}},
                  {"downwardAPI":{"items":[{"path":"namespace",
                    "fieldRef":{"apiVersion":"v1","fieldPath":"metadata.namespace"}}]}}],
                 "defaultMode":420}
                """));
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '"',
      value = {
        "says-no, 'automountServiceAccountToken':false, 0",
        "account-says-no, 'serviceAccountName':'quiet', 0",
        "pod-wins, 'serviceAccountName':'quiet'#'automountServiceAccountToken':true, 1",
        "says-nothing, 'serviceAccountName':'puller', 1"
      })
  void thePodDecidesThenItsAccount(String name, String fields, int volumes) throws Exception {
    JsonNode spec =
        pod(201, name, fields.replace('#', ',') + ",'containers':[{'name':'c','image':'i'}]")
            .path("spec");
    assertThat(spec.path("volumes")).hasSize(volumes);
    assertThat(spec.path("containers").path(0).path("volumeMounts")).hasSize(volumes);
  }

  @Test
  void anAccountGivesItsPullSecretsToPodsThatHaveNone() throws Exception {
    String containers = "'serviceAccountName':'puller','containers':[{'name':'c','image':'i'}]";
    assertThat(pod(201, "pulls", containers).path("spec").path("imagePullSecrets"))
        .isEqualTo(JSON.readTree("[{\"name\":\"registry\"}]"));
    assertThat(
            pod(201, "pulls-own", "'imagePullSecrets':[{'name':'mine'}]," + containers)
                .path("spec")
                .path("imagePullSecrets"))
        .isEqualTo(JSON.readTree("[{\"name\":\"mine\"}]"));
  }

  @Test
  void anAccountThatIsNotThereIsForbidden() throws Exception {
    assertThat(
            pod(403, "lost", "'serviceAccountName':'none','containers':[{'name':'c','image':'i'}]")
                .path("message")
                .asText())
        .isEqualTo(
            "pods \"lost\" is forbidden: error looking up service account default/none:"
                + " serviceaccount \"none\" not found");
  }
}
