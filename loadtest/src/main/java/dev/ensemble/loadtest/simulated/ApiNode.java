package dev.ensemble.loadtest.simulated;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ensemble.loadtest.client.Answer;
import dev.ensemble.loadtest.client.ApiConnection;
import dev.ensemble.loadtest.client.ApiRequest;
import dev.ensemble.loadtest.client.EventStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * A node that is a plain client of the API, as a kubelet is: it writes its Node and Lease, watches
 * the pods that name it and patches their statuses.
 */
@SuppressWarnings("FutureReturnValueIgnored")
final class ApiNode implements SimulatedNode, EventStream.Listener, SimulatedPods.Reports {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String LEASES =
      "/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases";
  private static final String MERGE = "application/strategic-merge-patch+json";

  /** Made now, or there already. */
  private static final Set<Integer> MADE = Set.of(201, 409);

  private static final int LEASE_SECONDS = 40;
  private static final long BEAT_MILLIS = 10_000;
  private static final long AGAIN_MILLIS = 1_000;
  private static final int LIST_BYTES_MAX = 4_000_000;
  private static final int WATCH_SECONDS = 3_600;

  private final int number;
  private final String name;
  private final ApiConnection connection;
  private final Fleet fleet;
  private final SimulatedPods pods;
  private final Random random;
  private boolean stopped;
  private boolean joined;

  ApiNode(int number, ApiConnection connection, Behaviour behaviour, Fleet fleet) {
    this.number = number;
    this.name = Statuses.name(number);
    this.connection = connection;
    this.fleet = fleet;
    this.random = new Random(number);
    this.pods = new SimulatedPods(behaviour, number, connection::after, this);
  }

  @Override
  public void start() {
    connection.after(0, this::register);
  }

  @Override
  public void stop() {
    connection.after(0, () -> stopped = true);
  }

  private void register() {
    ObjectNode node = object("v1", "Node", name);
    ((ObjectNode) node.get("metadata")).set("labels", Statuses.labels(number));
    step(() -> ApiRequest.post("/api/v1/nodes", node.toString()), MADE, this::reportNode);
  }

  private void reportNode() {
    step(
        () -> {
          ObjectNode patch = JsonNodeFactory.instance.objectNode();
          patch.set("status", Statuses.node(number, Instant.now()));
          return new ApiRequest(
              "PATCH", "/api/v1/nodes/" + name + "/status", MERGE, patch.toString());
        },
        Set.of(200),
        this::makeLease);
  }

  private void makeLease() {
    step(
        () -> {
          ObjectNode lease = object("coordination.k8s.io/v1", "Lease", name);
          lease.set("spec", leaseSpec());
          return ApiRequest.post(LEASES, lease.toString());
        },
        MADE,
        () -> {
          connection.after(1 + (long) (random.nextDouble() * BEAT_MILLIS), this::beat);
          list();
        });
  }

  /** Asks until the answer is one of these, then goes on. */
  private void step(Supplier<ApiRequest> request, Set<Integer> fine, Runnable next) {
    ApiRequest asked = request.get();
    Runnable again = () -> step(request, fine, next);
    call(
        asked,
        answer -> {
          if (fine.contains(answer.status())) {
            next.run();
          } else {
            again(asked.method() + " " + asked.path(), answer, again);
          }
        },
        again);
  }

  static ObjectNode object(String version, String kind, String name) {
    ObjectNode object = JsonNodeFactory.instance.objectNode();
    object.put("apiVersion", version).put("kind", kind).putObject("metadata").put("name", name);
    return object;
  }

  private ObjectNode leaseSpec() {
    return JsonNodeFactory.instance
        .objectNode()
        .put("holderIdentity", name)
        .put("leaseDurationSeconds", LEASE_SECONDS)
        .put("renewTime", Instant.now().truncatedTo(ChronoUnit.MICROS).toString());
  }

  private void beat() {
    if (stopped) {
      return;
    }
    ObjectNode patch = JsonNodeFactory.instance.objectNode();
    patch.set("spec", leaseSpec());
    call(
        ApiRequest.mergePatch(LEASES + "/" + name, patch.toString()),
        answer -> {
          if (answer.status() != 200) {
            fleet.trouble(name + " renewing its lease: " + answer.status());
          }
        },
        () -> {});
    connection.after(BEAT_MILLIS, this::beat);
  }

  private void list() {
    if (stopped) {
      return;
    }
    connection
        .fetch(ApiRequest.get(podsOfNode()), LIST_BYTES_MAX)
        .whenComplete(
            (answer, failure) -> {
              if (failure != null || answer.status() != 200) {
                fleet.trouble(name + " listing its pods: " + (failure == null ? answer : failure));
                connection.after(AGAIN_MILLIS, this::list);
              } else {
                listed(answer.text());
              }
            });
  }

  private String podsOfNode() {
    return "/api/v1/pods?fieldSelector=spec.nodeName%3D" + name;
  }

  private void listed(String text) {
    JsonNode list = tree(text);
    Set<String> uids = new HashSet<>();
    for (JsonNode pod : list.path("items")) {
      uids.add(SimulatedPods.Identity.of(pod).uid());
      pods.desired(pod);
    }
    pods.retain(uids);
    connection.send(
        ApiRequest.get(
            "%s&watch=true&timeoutSeconds=%d&resourceVersion=%s"
                .formatted(
                    podsOfNode(),
                    WATCH_SECONDS,
                    list.path("metadata").path("resourceVersion").asText())),
        new EventStream(this));
    if (!joined) {
      joined = true;
      fleet.joined(number);
    }
  }

  private static JsonNode tree(String text) {
    try {
      return JSON.readTree(text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void event(String type, JsonNode pod) {
    if (stopped) {
      return;
    }
    switch (type) {
      case "DELETED" -> pods.forgotten(SimulatedPods.Identity.of(pod).uid());
      case "ADDED", "MODIFIED" -> pods.desired(pod);
      default -> fleet.trouble(name + " was told " + type + " " + pod);
    }
  }

  @Override
  public void over(String why) {
    if (!stopped) {
      fleet.trouble(name + " watching its pods: " + why);
      connection.after(AGAIN_MILLIS, this::list);
    }
  }

  @Override
  public void status(SimulatedPods.Identity pod, ObjectNode status) {
    ObjectNode patch = JsonNodeFactory.instance.objectNode();
    patch.putObject("metadata").put("uid", pod.uid());
    patch.set("status", status);
    write(new ApiRequest("PATCH", path(pod) + "/status", MERGE, patch.toString()));
  }

  @Override
  public void ended(SimulatedPods.Identity pod) {
    write(
        new ApiRequest(
            "DELETE",
            path(pod),
            "application/json",
            "{\"apiVersion\":\"v1\",\"kind\":\"DeleteOptions\",\"gracePeriodSeconds\":0,"
                + "\"preconditions\":{\"uid\":\"%s\"}}".formatted(pod.uid())));
  }

  /** A pod that is gone or another by now (404, 409) is no trouble. */
  private void write(ApiRequest request) {
    call(
        request,
        answer -> {
          if (answer.status() == 429 || answer.status() >= 500) {
            again(request.method(), answer, () -> write(request));
          } else if (answer.status() != 200 && answer.status() != 404 && answer.status() != 409) {
            fleet.trouble(name + " " + request.path() + ": " + answer);
          }
        },
        () -> write(request));
  }

  private static String path(SimulatedPods.Identity pod) {
    return "/api/v1/namespaces/" + pod.namespace() + "/pods/" + pod.name();
  }

  private void call(ApiRequest request, Consumer<Answer> answered, Runnable again) {
    connection
        .call(request)
        .whenComplete(
            (answer, failure) -> {
              if (stopped) {
                return;
              }
              if (failure == null) {
                answered.accept(answer);
              } else {
                fleet.trouble(name + " " + request.path() + ": " + failure);
                connection.after(AGAIN_MILLIS, again);
              }
            });
  }

  private void again(String what, Answer answer, Runnable next) {
    fleet.trouble(name + " " + what + ": " + answer);
    connection.after(AGAIN_MILLIS, next);
  }
}
