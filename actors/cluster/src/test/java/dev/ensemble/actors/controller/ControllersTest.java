package dev.ensemble.actors.controller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ensemble.actors.store.Outcome;
import dev.ensemble.actors.view.StoredObject;
import dev.ensemble.core.controller.PodFacts;
import dev.ensemble.core.entity.ObjectCommand;
import dev.ensemble.core.entity.ObjectCommand.Propagation;
import dev.ensemble.core.entity.Rejection;
import dev.ensemble.core.object.ObjectKey;
import dev.ensemble.core.object.ResourceName;
import dev.ensemble.core.resource.BuiltInResources;
import dev.ensemble.persistence.format.Provenance;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** All controllers together on a store in memory. */
class ControllersTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private final ActorTestKit kit = ActorTestKit.create();
  private final Clock clock = Clock.systemUTC();
  private final InMemoryStore store = new InMemoryStore(kit, BuiltInResources.types(), clock);
  private final FakeNode node = new FakeNode(store, clock);

  @BeforeEach
  void startControllers() {
    var recorder = kit.spawn(EventRecorder.create(() -> store, ControllerSettings.DEFAULTS, clock));
    ControllerParts parts =
        new ControllerParts(
            BuiltInResources::types,
            Preparation.AS_THEY_ARE,
            EventRecorder.announcer(recorder),
            new FactsCache(),
            () -> "-----BEGIN CERTIFICATE-----",
            ControllerSettings.DEFAULTS,
            clock);
    store.use(Residents.table(parts));
    kit.spawn(Controllers.create(store, parts, name -> Optional.of(Instant.now())));
    create(
        "namespaces",
        "{'apiVersion':'v1','kind':'Namespace','metadata':{'name':'shop'},"
            + "'spec':{'finalizers':['kubernetes']},'status':{'phase':'Active'}}");
    create("deployments.apps", deployment(3, "shop:1"));
  }

  @AfterEach
  void stop() {
    kit.shutdownTestKit();
  }

  @Test
  void aDeploymentGetsItsPodsAndSaysSo() {
    settled(3, "shop:1");
    assertThat(condition(get("deployments.apps", "shop", "web"), "Progressing").path("message"))
        .asString()
        .contains("has successfully progressed.");
    assertThat(condition(get("deployments.apps", "shop", "web"), "Available").path("status"))
        .hasToString("\"True\"");
    String set = all("replicasets.apps").get(0).path("metadata").path("name").asText();
    await()
        .untilAsserted(
            () ->
                assertThat(all("events").stream().map(event -> event.path("message").asText()))
                    .contains("Scaled up replica set " + set + " from 0 to 3")
                    .filteredOn(message -> message.startsWith("Created pod: " + set + "-"))
                    .hasSize(3));
  }

  @Test
  void anEditRollsOutAndUndoingItReusesTheOldReplicaSet() {
    settled(3, "shop:1");
    amend("deployments.apps", "web", template("shop:2", 2));
    settled(3, "shop:2");
    assertThat(all("replicasets.apps")).hasSize(2);
    amend("deployments.apps", "web", template("shop:1", 3));
    settled(3, "shop:1");
    assertThat(all("replicasets.apps")).hasSize(2);
    assertThat(annotation(get("deployments.apps", "shop", "web"), "revision")).isEqualTo("3");
    assertThat(
            all("replicasets.apps").stream()
                .filter(set -> set.at("/spec/replicas").asInt() == 3)
                .map(set -> annotation(set, "revision-history")))
        .containsExactly("1");
  }

  @Test
  void aPodThatGoesIsReplacedAndCausesAreKept() {
    settled(3, "shop:1");
    JsonNode victim = all("pods").get(0);
    delete("pods", victim.at("/metadata/name").asText(), Propagation.BACKGROUND);
    settled(3, "shop:1");
    assertThat(all("pods").stream().map(pod -> pod.at("/metadata/uid").asText()))
        .doesNotContain(victim.at("/metadata/uid").asText());
  }

  @Test
  void aServiceFollowsItsPods() {
    create(
        "services",
        "{'apiVersion':'v1','kind':'Service','metadata':{'name':'web','namespace':'shop'},"
            + "'spec':{'type':'ClusterIP','clusterIP':'10.1.0.1','selector':{'app':'web'},"
            + "'ports':[{'port':80,'targetPort':8080,'protocol':'TCP'}]}}");
    settled(3, "shop:1");
    await()
        .untilAsserted(
            () -> {
              List<ObjectNode> slices = all("endpointslices.discovery.k8s.io");
              assertThat(slices).hasSize(1);
              assertThat(slices.get(0).path("endpoints")).hasSize(3);
              assertThat(slices.get(0).path("endpoints"))
                  .allMatch(one -> one.at("/conditions/ready").asBoolean());
              assertThat(get("endpoints", "shop", "web").at("/subsets/0/addresses")).hasSize(3);
            });
    delete("services", "web", Propagation.BACKGROUND);
    await()
        .untilAsserted(
            () -> {
              assertThat(all("endpointslices.discovery.k8s.io")).isEmpty();
              assertThat(all("endpoints")).isEmpty();
            });
  }

  @Test
  void deletingInTheBackgroundTakesWhatIsOwned() {
    settled(3, "shop:1");
    delete("deployments.apps", "web", Propagation.BACKGROUND);
    gone("deployments.apps", "replicasets.apps", "pods");
  }

  @Test
  void deletingInTheForegroundTakesTheOwnerLast() {
    settled(3, "shop:1");
    delete("deployments.apps", "web", Propagation.FOREGROUND);
    gone("deployments.apps", "replicasets.apps", "pods");
    List<String> removals =
        List.copyOf(store.log).stream()
            .filter(line -> line.contains(" Removed "))
            .map(line -> line.substring(line.indexOf(" Removed ") + 9))
            .toList();
    assertThat(removals.get(removals.size() - 1)).isEqualTo("deployments.apps/shop/web");
    assertThat(removals.get(removals.size() - 2)).startsWith("replicasets.apps/shop/web-");
  }

  @Test
  void deletingWithOrphansLeavesThemAndTheyAreAdoptedAgain() {
    settled(3, "shop:1");
    List<String> before = uids("pods");
    delete("deployments.apps", "web", Propagation.ORPHAN);
    gone("deployments.apps");
    assertThat(all("replicasets.apps")).hasSize(1);
    create("deployments.apps", deployment(3, "shop:1"));
    settled(3, "shop:1");
    assertThat(uids("pods")).isEqualTo(before);
    assertThat(all("replicasets.apps")).hasSize(1);
  }

  @Test
  void aNamespaceIsFurnishedAndEmptiedBeforeItGoes() {
    settled(3, "shop:1");
    await()
        .untilAsserted(
            () -> {
              assertThat(all("serviceaccounts")).hasSize(1);
              assertThat(get("configmaps", "shop", "kube-root-ca.crt").at("/data/ca.crt"))
                  .hasToString("\"-----BEGIN CERTIFICATE-----\"");
            });
    store.submit(
        key("namespaces", "", "shop"),
        new ObjectCommand.Delete(
            Optional.empty(), OptionalLong.empty(), OptionalLong.empty(), Propagation.DEFAULT),
        me());
    gone(
        "deployments.apps",
        "replicasets.apps",
        "pods",
        "configmaps",
        "serviceaccounts",
        "namespaces");
  }

  @Test
  void refusedPodsAreReportedAndTriedAgainWithGrowingWaits() {
    settled(3, "shop:1");
    List<Instant> tries = new ArrayList<>();
    store.interceptor =
        (key, command) -> {
          boolean pod =
              key.resource().equals(PodFacts.PODS) && command instanceof ObjectCommand.Create;
          if (pod) {
            synchronized (tries) {
              tries.add(clock.instant());
            }
          }
          return pod && tries.size() < 6
              ? Optional.of(new Outcome.Rejected(new Rejection.Forbidden(key, "exceeded quota: q")))
              : Optional.empty();
        };
    delete("pods", all("pods").get(0).at("/metadata/name").asText(), Propagation.BACKGROUND);
    await()
        .untilAsserted(
            () -> {
              node.step();
              assertThat(condition(all("replicasets.apps").get(0), "ReplicaFailure")).isNotEmpty();
            });
    settled(3, "shop:1");
    await()
        .untilAsserted(
            () ->
                assertThat(condition(all("replicasets.apps").get(0), "ReplicaFailure")).isEmpty());
    assertThat(tries).hasSize(6);
    for (int i = 0; i < 5; i++) {
      assertThat(Duration.between(tries.get(i), tries.get(i + 1)))
          .isGreaterThanOrEqualTo(Duration.ofMillis(50L << i));
    }
  }

  private void settled(int replicas, String image) {
    await()
        .atMost(Duration.ofSeconds(20))
        .untilAsserted(
            () -> {
              node.step();
              JsonNode deployment = get("deployments.apps", "shop", "web");
              assertThat(deployment.at("/status/availableReplicas").asInt()).isEqualTo(replicas);
              assertThat(deployment.at("/status/updatedReplicas").asInt()).isEqualTo(replicas);
              assertThat(deployment.at("/status/replicas").asInt()).isEqualTo(replicas);
              assertThat(deployment.at("/status/terminatingReplicas").asInt()).isZero();
              assertThat(all("pods"))
                  .hasSize(replicas)
                  .allMatch(pod -> pod.at("/spec/containers/0/image").asText().equals(image));
            });
  }

  private void gone(String... resources) {
    await()
        .atMost(Duration.ofSeconds(20))
        .untilAsserted(
            () -> {
              node.step();
              for (String resource : resources) {
                assertThat(all(resource)).as(resource).isEmpty();
              }
            });
  }

  private static String deployment(int replicas, String image) {
    return ("{'apiVersion':'apps/v1','kind':'Deployment',"
            + "'metadata':{'name':'web','namespace':'shop','generation':1},"
            + "'spec':{'replicas':%d,'progressDeadlineSeconds':600,'revisionHistoryLimit':10,"
            + "'strategy':{'type':'RollingUpdate','rollingUpdate':"
            + "{'maxSurge':'25%%','maxUnavailable':'25%%'}},"
            + "'selector':{'matchLabels':{'app':'web'}},"
            + "'template':{'metadata':{'labels':{'app':'web'}},"
            + "'spec':{'containers':[{'name':'c','image':'%s'}]}}}}")
        .formatted(replicas, image);
  }

  private static String template(String image, int generation) {
    return "{'metadata':{'generation':%d},'spec':{'template':{'spec':{'containers':[{'name':'c','image':'%s'}]}}}}"
        .formatted(generation, image);
  }

  private void create(String resource, String text) {
    ObjectNode object = json(text);
    ObjectNode metadata = object.withObject("/metadata");
    metadata.put("uid", UUID.randomUUID().toString());
    metadata.put("creationTimestamp", "2026-01-01T00:00:00Z");
    store.submit(
        key(resource, metadata.path("namespace").asText(), metadata.path("name").asText()),
        new ObjectCommand.Create(object),
        me());
  }

  private void amend(String resource, String name, String patch) {
    store.submit(
        key(resource, "shop", name), new ObjectCommand.Amend(Optional.empty(), json(patch)), me());
  }

  private void delete(String resource, String name, Propagation propagation) {
    store.submit(
        key(resource, "shop", name),
        new ObjectCommand.Delete(
            Optional.empty(), OptionalLong.empty(), OptionalLong.empty(), propagation),
        me());
  }

  private static Provenance me() {
    return Provenance.internal("tester", Instant.now(), Optional.empty());
  }

  private static ObjectKey key(String resource, String namespace, String name) {
    return ObjectKey.of(resource, namespace, name);
  }

  private ObjectNode get(String resource, String namespace, String name) {
    return store
        .view(ResourceName.parse(resource))
        .snapshot()
        .get(namespace, name)
        .map(StoredObject::tree)
        .orElseThrow(() -> new AssertionError("no " + resource + " " + name));
  }

  private List<ObjectNode> all(String resource) {
    List<ObjectNode> found = new ArrayList<>();
    store.view(ResourceName.parse(resource)).snapshot().all().forEach(one -> found.add(one.tree()));
    return found;
  }

  private List<String> uids(String resource) {
    return all(resource).stream().map(one -> one.at("/metadata/uid").asText()).sorted().toList();
  }

  private static JsonNode condition(JsonNode object, String type) {
    for (JsonNode condition : object.at("/status/conditions")) {
      if (condition.path("type").asText().equals(type)) {
        return condition;
      }
    }
    return JSON.createObjectNode();
  }

  private static String annotation(JsonNode object, String name) {
    return object
        .path("metadata")
        .path("annotations")
        .path("deployment.kubernetes.io/" + name)
        .asText();
  }

  private static ObjectNode json(String text) {
    try {
      return (ObjectNode) JSON.readTree(text.replace('\'', '"'));
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(e);
    }
  }
}
