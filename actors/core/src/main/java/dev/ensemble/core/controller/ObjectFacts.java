package dev.ensemble.core.controller;

import com.fasterxml.jackson.databind.JsonNode;
import dev.ensemble.core.object.ObjectKey;
import dev.ensemble.core.object.ResourceName;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What controllers need of any object's metadata, read once.
 *
 * @param revision the ledger's revision of the version read, 0 when it has none yet
 * @param created the epoch when there is no creationTimestamp
 * @param deleting {@code metadata.deletionTimestamp}
 */
public record ObjectFacts(
    ResourceName resource,
    String apiVersion,
    String kind,
    String namespace,
    String name,
    String uid,
    long revision,
    long generation,
    Map<String, String> labels,
    Map<String, String> annotations,
    List<OwnerRef> owners,
    List<String> finalizers,
    Instant created,
    Optional<Instant> deleting) {

  public static ObjectFacts of(ResourceName resource, JsonNode object) {
    JsonNode metadata = object.path("metadata");
    List<String> finalizers = new ArrayList<>();
    metadata.path("finalizers").forEach(finalizer -> finalizers.add(finalizer.asText()));
    return new ObjectFacts(
        resource,
        object.path("apiVersion").asText(),
        object.path("kind").asText(),
        metadata.path("namespace").asText(),
        metadata.path("name").asText(),
        metadata.path("uid").asText(),
        metadata.path("resourceVersion").asLong(),
        metadata.path("generation").asLong(),
        texts(metadata.path("labels")),
        texts(metadata.path("annotations")),
        OwnerRef.listOf(metadata),
        List.copyOf(finalizers),
        time(metadata.path("creationTimestamp")).orElse(Instant.EPOCH),
        time(metadata.path("deletionTimestamp")));
  }

  public ObjectKey key() {
    return new ObjectKey(resource, namespace, name);
  }

  public Reference reference() {
    return new Reference(apiVersion, kind, namespace, name, uid);
  }

  /** The owner reference with {@code controller: true}. */
  public Optional<OwnerRef> controller() {
    return owners.stream().filter(OwnerRef::controller).findFirst();
  }

  public boolean controlledBy(String ownerUid) {
    return controller().filter(ref -> ref.uid().equals(ownerUid)).isPresent();
  }

  /** A JSON object of strings, in its order. */
  public static Map<String, String> texts(JsonNode node) {
    Map<String, String> map = new LinkedHashMap<>();
    node.fields().forEachRemaining(entry -> map.put(entry.getKey(), entry.getValue().asText()));
    return map;
  }

  /** A time as the API writes it; empty when it is absent. */
  public static Optional<Instant> time(JsonNode node) {
    return node.isTextual() ? Optional.of(Instant.parse(node.asText())) : Optional.empty();
  }
}
