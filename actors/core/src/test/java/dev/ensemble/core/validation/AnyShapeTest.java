package dev.ensemble.core.validation;

import static org.assertj.core.api.Assertions.assertThatCode;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.ensemble.core.defaults.Defaults;
import dev.ensemble.core.defaults.PodAdmission;
import dev.ensemble.core.object.ResourceName;
import dev.ensemble.core.strategy.Strategies;
import dev.ensemble.core.strategy.Strategy;
import dev.ensemble.core.table.Tables;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whatever a client leaves out or leaves empty, it gets an answer and not an exception. */
class AnyShapeTest {
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

  @ParameterizedTest
  @CsvSource({
    "pods, pod-full",
    "deployments.apps, deployment",
    "replicasets.apps, replicaset-host-network",
    "services, service-balancer",
    "endpointslices.discovery.k8s.io, endpointslice",
    "namespaces, namespace",
    "nodes, node",
    "secrets, secret"
  })
  void noShapeBreaksTheRules(String resource, String golden) {
    String text =
        Objects.resource(Defaults.class, "/dev/ensemble/core/defaults/" + golden + ".output.yaml");
    ObjectNode whole = Objects.literal(text);
    List<Consumer<ObjectNode>> spoilings = new ArrayList<>();
    spoil(whole, root -> root, spoilings);
    for (Consumer<ObjectNode> spoiling : spoilings) {
      ObjectNode spoiled = whole.deepCopy();
      spoiling.accept(spoiled);
      assertThatCode(() -> everything(ResourceName.parse(resource), spoiled.deepCopy(), whole))
          .as(spoiled.toString())
          .doesNotThrowAnyException();
    }
  }

  private interface Place {
    JsonNode in(JsonNode root);
  }

  /** Each value in turn: removed, and if it is a leaf also emptied. */
  private static void spoil(JsonNode node, Place place, List<Consumer<ObjectNode>> spoilings) {
    node.fieldNames()
        .forEachRemaining(
            name -> {
              spoilings.add(root -> ((ObjectNode) place.in(root)).remove(name));
              JsonNode value = node.get(name);
              if (value.isTextual()) {
                spoilings.add(
                    root -> ((ObjectNode) place.in(root)).set(name, TextNode.valueOf("")));
              } else if (value.isNumber()) {
                spoilings.add(root -> ((ObjectNode) place.in(root)).set(name, IntNode.valueOf(-1)));
              }
              spoil(value, root -> place.in(root).get(name), spoilings);
            });
    for (int i = 0; node.isArray() && i < node.size(); i++) {
      int position = i;
      spoilings.add(root -> ((ArrayNode) place.in(root)).remove(position));
      spoil(node.get(i), root -> place.in(root).get(position), spoilings);
    }
  }

  private static void everything(ResourceName resource, ObjectNode object, ObjectNode old) {
    Tables.cells(resource, object, NOW);
    Validation.of(resource).create(object);
    Validation.of(resource).update(object, old);
    Validation.of(resource).update(old, object);
    Validation.of(resource).status(object, old);
    Defaults.of(resource).apply(object);
    if (resource.plural().equals("pods")) {
      PodAdmission.create(object);
      Validation.ephemeralContainers(object, old);
    }
    Strategy strategy = Strategies.of(resource);
    strategy.prepareForUpdate(object.deepCopy(), old);
    strategy.prepareForStatusUpdate(object.deepCopy(), old);
    strategy.warnings(object);
    strategy.prepareForCreate(object);
    Validation.of(resource).create(object);
    Tables.cells(resource, object, NOW);
  }
}
