package dev.ensemble.loadtest.webapp;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.ensemble.loadtest.client.ApiConnection;
import dev.ensemble.loadtest.client.ApiRequest;
import dev.ensemble.loadtest.client.Readiness;
import dev.ensemble.loadtest.pods.PodWatch;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** The sample's Deployment and Service, applied and deleted through the API. */
public final class Sample {
  static final int PODS = 3;
  private static final String SERVICES = "/api/v1/namespaces/default/services";
  private static final String DEPLOYMENTS = "/apis/apps/v1/namespaces/default/deployments";
  private static final String REPLICA_SETS = "/apis/apps/v1/namespaces/default/replicasets";
  private static final String PODS_OF_SAMPLE =
      "/api/v1/namespaces/default/pods?labelSelector=app%3Dweb-app";
  private static final long POLL_MILLIS = 50;
  private static final long WAIT_SECONDS_MAX = 120;

  private final ApiConnection connection;
  private final String deployment;
  private final String service;

  public Sample(Path folder, ApiConnection connection) throws IOException {
    this.connection = connection;
    this.deployment = json(folder.resolve("deployment.yaml"));
    this.service = json(folder.resolve("service.yaml"));
  }

  private static String json(Path file) throws IOException {
    JsonNode object = new YAMLMapper().readTree(file.toFile());
    return object.toString();
  }

  /** The times of one apply: deployment, then service, until every pod is Ready. */
  public Times apply() throws Exception {
    try (PodWatch watch = PodWatch.begin(connection, PODS_OF_SAMPLE, WAIT_SECONDS_MAX)) {
      long began = System.nanoTime();
      Readiness.ask(connection, ApiRequest.post(DEPLOYMENTS, deployment)).expect(201);
      Readiness.ask(connection, ApiRequest.post(SERVICES, service)).expect(201);
      watch.await(PodWatch.Step.READY, PODS);
      return new Times(
          watch.lastOf(PodWatch.Step.MADE) - began,
          watch.lastOf(PodWatch.Step.BOUND) - began,
          watch.lastOf(PodWatch.Step.READY) - began);
    }
  }

  /** Waits until ReplicaSet and pods are gone, and gives the pods a second to end. */
  public void delete() throws Exception {
    try (PodWatch watch = PodWatch.begin(connection, PODS_OF_SAMPLE, WAIT_SECONDS_MAX)) {
      Readiness.ask(connection, ApiRequest.delete(DEPLOYMENTS + "/web-app")).expect(200);
      Readiness.ask(connection, ApiRequest.delete(SERVICES + "/web-app")).expect(200);
      while (!PodWatch.tree(connection, REPLICA_SETS).path("items").isEmpty()) {
        TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
      }
      Readiness.ask(connection, ApiRequest.delete(PODS_OF_SAMPLE + "&gracePeriodSeconds=1"))
          .expect(200);
      watch.await(PodWatch.Step.GONE, PODS);
    }
  }

  /** Nanoseconds after the first request until the last pod was there, had a node, was Ready. */
  public record Times(long made, long bound, long ready) {}
}
