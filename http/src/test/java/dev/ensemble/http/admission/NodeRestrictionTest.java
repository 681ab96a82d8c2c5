package dev.ensemble.http.admission;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.ensemble.http.testing.TestServer;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NodeRestrictionTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String PODS = "/api/v1/namespaces/default/pods";
  private static final String LEASES =
      "/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases";
  private static TestServer server;
  private static HttpClient node;
  private static String uid;

  @BeforeAll
  static void start() throws Exception {
    server = TestServer.start();
    node = server.client(HttpClient.Version.HTTP_2, Optional.of("node:n1"));
    uid = uidOf(admin("/api/v1/nodes", named("n1", "")));
    admin("/api/v1/nodes", named("n2", ""));
    for (String name : List.of("here", "gone", "there")) {
      admin(PODS, pod(name, "", ""));
      server.bind(name, name.equals("there") ? "n2" : "n1");
    }
  }

  @AfterAll
  static void stop() throws Exception {
    server.close();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "n1 | 'kubernetes.io/arch':'amd64'               | 200",
        "n1 | 'example.org/rack':'7'                     | 200",
        "n1 | 'kubelet.kubernetes.io/x':'1'              | 200",
        "n1 | 'node-restriction.kubernetes.io/pci':'yes' | 403",
        "n1 | 'node-role.kubernetes.io/control-plane':'' | 403",
        "n1 | 'scheduling.k8s.io/x':''                   | 403",
        "n2 | 'example.org/rack':'7'                     | 403",
      })
  void aNodeLabelsOnlyItselfAndOnlyWithWhatIsItsOwn(String name, String label, int code)
      throws Exception {
    assertThat(
            patch("/api/v1/nodes/" + name, "{'metadata':{'labels':{" + label + "}}}").statusCode())
        .isEqualTo(code);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{'spec':{'taints':[]}} | 200 | ",
        "{'spec':{'taints':[{'key':'a','effect':'NoSchedule'}]}} | 403 | is not allowed to modify"
            + " taints",
        "{'metadata':{'ownerReferences':[{'apiVersion':'v1','kind':'Pod','name':'p','uid':'u'}]}} |"
            + " 403 | is not allowed to modify ownerReferences",
        "{'spec':{'unschedulable':true}} | 200 | ",
      })
  void aNodeDoesNotTaintOrDisownItself(String patch, int code, String why) throws Exception {
    HttpResponse<String> answer = patch("/api/v1/nodes/n1", patch);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(code);
    assertThat(answer.body()).contains(why == null ? "" : why);
  }

  @Test
  void aNodeRegistersNobodyElse() throws Exception {
    HttpResponse<String> answer = as("POST", "/api/v1/nodes", named("n3", ""));
    assertThat(answer.statusCode()).isEqualTo(403);
    assertThat(message(answer))
        .isEqualTo("nodes \"n3\" is forbidden: node \"n1\" is not allowed to modify node \"n3\"");
    assertThat(as("PUT", "/api/v1/nodes/n2", named("n2", "")).statusCode()).isEqualTo(403);
    assertThat(as("DELETE", "/api/v1/nodes/n1", "").statusCode()).isEqualTo(403);
  }

  @Test
  void aNodeRenewsItsOwnLeaseOnly() throws Exception {
    assertThat(as("POST", LEASES, named("n2", "")).statusCode()).isEqualTo(403);
    assertThat(as("POST", LEASES, named("n1", "")).statusCode()).isEqualTo(201);
    assertThat(patch(LEASES + "/n1", "{'spec':{'holderIdentity':'n1'}}").statusCode())
        .isEqualTo(200);
    assertThat(patch(LEASES + "/n2", "{'spec':{'holderIdentity':'n1'}}").statusCode())
        .isEqualTo(403);
    String elsewhere = LEASES.replace("kube-node-lease", "default");
    assertThat(as("POST", elsewhere, named("n1", "")).statusCode()).isEqualTo(403);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "m1 | 'nodeName':'n1',                            | OWNED | 201 | ",
        "m2 | 'nodeName':'n2',                            | OWNED | 403 | can only create pods with"
            + " spec.nodeName set to itself",
        "m3 | 'nodeName':'n1',                            | ''    | 403 | can only create pods with"
            + " a controller owner reference set to itself",
        "m4 | 'nodeName':'n1',                            | BARE  | 403 | can only create mirror"
            + " pods",
        "m5 | 'nodeName':'n1','serviceAccountName':'a',   | OWNED | 403 | can not create pods that"
            + " reference a service account",
        "m6 | 'nodeName':'n1','volumes':[{'name':'v','secret':{'secretName':'s'}}], | OWNED | 403 |"
            + " can not create pods that reference secrets",
        "m7 | 'nodeName':'n1','volumes':[{'name':'v','persistentVolumeClaim':{'claimName':'s'}}], |"
            + " OWNED | 403 | reference persistentvolumeclaims",
      })
  void aNodeCreatesMirrorPodsOfItselfOnly(
      String name, String spec, String metadata, int code, String why) throws Exception {
    String mirror = "'annotations':{'kubernetes.io/config.mirror':'x'},";
    String owner =
        "'ownerReferences':[{'apiVersion':'v1','kind':'Node','name':'n1','uid':'"
            + uid
            + "','controller':true}],";
    String meta =
        switch (metadata) {
          case "OWNED" -> mirror + owner;
          case "BARE" -> owner;
          default -> mirror;
        };
    HttpResponse<String> answer = as("POST", PODS, pod(name, meta, spec));
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(code);
    assertThat(answer.body()).contains(why == null ? "" : why);
  }

  @Test
  void aNodeReportsAndDeletesItsOwnPodsOnly() throws Exception {
    String ready = "{'status':{'phase':'Running'}}";
    assertThat(patch(PODS + "/here/status", ready).statusCode()).isEqualTo(200);
    assertThat(patch(PODS + "/there/status", ready).statusCode()).isEqualTo(403);
    assertThat(patch(PODS + "/here", "{'metadata':{'labels':{'a':'b'}}}").statusCode())
        .isEqualTo(403);
    HttpResponse<String> relabelled =
        patch(PODS + "/here/status", "{'metadata':{'labels':{'app':'web'}}}");
    assertThat(relabelled.body()).contains("can not update labels through pod status");
    assertThat(as("DELETE", PODS + "/there", "").statusCode()).isEqualTo(403);
    assertThat(as("DELETE", PODS + "/gone?gracePeriodSeconds=0", "").statusCode()).isEqualTo(200);
  }

  @Test
  void aNodeWritesEventsAndNoOtherKinds() throws Exception {
    String event =
        "{'metadata':{'name':'e'},'involvedObject':{'kind':'Pod','namespace':'default','name':'here'}}";
    assertThat(as("POST", "/api/v1/namespaces/default/events", event).statusCode()).isEqualTo(201);
    assertThat(as("DELETE", "/api/v1/namespaces/default/events/e", "").statusCode()).isEqualTo(403);
    assertThat(as("POST", "/api/v1/namespaces/default/configmaps", named("c", "")).statusCode())
        .isEqualTo(403);
  }

  private static String named(String name, String metadata) {
    return "{'metadata':{" + metadata + "'name':'" + name + "'}}";
  }

  private static String pod(String name, String metadata, String spec) {
    return "{'metadata':{"
        + metadata
        + "'name':'"
        + name
        + "'},'spec':{"
        + spec
        + "'containers':[{'name':'c','image':'i'}]}}";
  }

  private static HttpResponse<String> admin(String path, String body) throws Exception {
    return server.send("POST", path, body.replace('\'', '"'));
  }

  private static HttpResponse<String> as(String method, String path, String body) throws Exception {
    return server.send(node, method, path, body.replace('\'', '"'));
  }

  private static HttpResponse<String> patch(String path, String body) throws Exception {
    return server.send(
        node,
        "PATCH",
        path,
        body.replace('\'', '"'),
        "Content-Type",
        "application/merge-patch+json");
  }

  private static String uidOf(HttpResponse<String> answer) throws Exception {
    return JSON.readTree(answer.body()).path("metadata").path("uid").asText();
  }

  private static String message(HttpResponse<String> answer) throws Exception {
    JsonNode status = JSON.readTree(answer.body());
    return status.path("message").asText();
  }
}
