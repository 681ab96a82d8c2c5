package dev.ensemble.loadtest.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Deployments of one container a pod, and what can be said of their pods. */
record Deployments(ProductUnderTest product) {
  static final String PATH = "/apis/apps/v1/namespaces/default/deployments";
  static final String PODS = "/api/v1/namespaces/default/pods";
  private static final Duration PATIENCE = Duration.ofSeconds(90);

  /** Makes one and waits until it is rolled out. */
  void deploy(String name, int replicas) throws IOException {
    product
        .api()
        .post(
            PATH,
            """
            {"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"%1$s"},
             "spec":{"replicas":%2$d,"selector":{"matchLabels":{"app":"%1$s"}},
              "template":{"metadata":{"labels":{"app":"%1$s"}},
               "spec":{"terminationGracePeriodSeconds":1,
                "containers":[{"name":"c","image":"nginx:1.14.2"}]}}}}
            """
                .formatted(name, replicas))
        .object();
    awaitRolledOut(name, replicas);
  }

  /** Another template, which differs in an annotation only: a rolling update begins. */
  void update(String name, String annotation) throws IOException {
    product
        .api()
        .merge(
            PATH + "/" + name,
            """
            {"spec":{"template":{"metadata":{"annotations":{"update":"%s"}}}}}
            """
                .formatted(annotation))
        .object();
  }

  void awaitRolledOut(String name, int replicas) {
    await(name + " is rolled out")
        .atMost(PATIENCE)
        .ignoreExceptionsInstanceOf(IOException.class)
        .untilAsserted(
            () -> {
              JsonNode object = product.api().get(PATH + "/" + name).object();
              JsonNode status = object.path("status");
              assertThat(
                      List.of(
                          object.path("spec").path("replicas").asInt(),
                          status.path("replicas").asInt(),
                          status.path("updatedReplicas").asInt(),
                          status.path("availableReplicas").asInt()))
                  .as(status.toString())
                  .containsOnly(replicas);
              assertThat(status.path("observedGeneration"))
                  .isEqualTo(object.path("metadata").path("generation"));
              assertThat(pods(name)).hasSize(replicas);
            });
  }

  /** By name. */
  Map<String, JsonNode> pods(String app) throws IOException {
    Map<String, JsonNode> pods = new TreeMap<>();
    for (JsonNode pod :
        product.api().get(PODS + "?labelSelector=app%3D" + app).object().path("items")) {
      pods.put(pod.path("metadata").path("name").asText(), pod);
    }
    return pods;
  }

  static JsonNode container(JsonNode pod) {
    return pod.path("status").path("containerStatuses").path(0);
  }

  /** By pod: uid, container's id, when it was started. None was ever started again. */
  static Map<String, List<String>> containers(Map<String, JsonNode> pods) {
    Map<String, List<String>> containers = new TreeMap<>();
    pods.forEach(
        (name, pod) -> {
          JsonNode container = container(pod);
          String started = container.path("state").path("running").path("startedAt").asText();
          assertThat(container.path("containerID").asText()).isNotEmpty();
          assertThat(started).isNotEmpty();
          assertThat(container.path("restartCount").asInt(-1)).isZero();
          containers.put(
              name,
              List.of(
                  pod.path("metadata").path("uid").asText(),
                  container.path("containerID").asText(),
                  started));
        });
    return containers;
  }
}
