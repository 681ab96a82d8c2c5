package dev.ensemble.agent.core.pod;

import static dev.ensemble.agent.core.Fields.at;
import static dev.ensemble.agent.core.Fields.flag;
import static dev.ensemble.agent.core.Fields.list;
import static dev.ensemble.agent.core.Fields.number;
import static dev.ensemble.agent.core.Fields.text;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ensemble.agent.core.Fields;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.zip.CRC32;

/** A pod as it is desired: the API's object with names for what is asked of it often. */
public record PodDefinition(ObjectNode object) {
  /** The API's default for terminationGracePeriodSeconds. */
  private static final long GRACE_SECONDS = 30;

  public String uid() {
    return text(object, "metadata", "uid");
  }

  public String namespace() {
    return text(object, "metadata", "namespace");
  }

  public String name() {
    return text(object, "metadata", "name");
  }

  public JsonNode metadata() {
    return object.path("metadata");
  }

  public JsonNode spec() {
    return object.path("spec");
  }

  public JsonNode status() {
    return object.path("status");
  }

  /** As the kubelet writes pods in messages. */
  public String fullName() {
    return name() + "_" + namespace() + "(" + uid() + ")";
  }

  public List<JsonNode> containers() {
    return list(object, "spec", "containers");
  }

  public List<JsonNode> initContainers() {
    return list(object, "spec", "initContainers");
  }

  public List<JsonNode> ephemeralContainers() {
    return list(object, "spec", "ephemeralContainers");
  }

  public List<JsonNode> allContainers() {
    return Stream.of(initContainers(), containers(), ephemeralContainers())
        .flatMap(List::stream)
        .toList();
  }

  public Optional<JsonNode> container(String name) {
    return allContainers().stream().filter(c -> name.equals(nameOf(c))).findFirst();
  }

  public boolean isInit(String name) {
    return initContainers().stream().anyMatch(c -> name.equals(nameOf(c)));
  }

  /** Where the container stands in the pod's spec, as events name it. */
  public String fieldOf(String name) {
    return isInit(name)
        ? "initContainers"
        : ephemeralContainers().stream().anyMatch(c -> name.equals(nameOf(c)))
            ? "ephemeralContainers"
            : "containers";
  }

  public RestartPolicy restartPolicy() {
    return restartPolicy(text(object, "spec", "restartPolicy"));
  }

  static RestartPolicy restartPolicy(String word) {
    return switch (word) {
      case "Never" -> RestartPolicy.NEVER;
      case "OnFailure" -> RestartPolicy.ON_FAILURE;
      default -> RestartPolicy.ALWAYS;
    };
  }

  public boolean hostNetwork() {
    return flag(object, "spec", "hostNetwork");
  }

  public boolean deleting() {
    return Fields.has(object, "metadata", "deletionTimestamp");
  }

  public Duration terminationGrace() {
    return Duration.ofSeconds(
        number(object, "metadata", "deletionGracePeriodSeconds")
            .or(() -> number(object, "spec", "terminationGracePeriodSeconds"))
            .orElse(GRACE_SECONDS));
  }

  /** The API says that it has succeeded or failed. */
  public boolean over() {
    return PodPhase.isTerminal(text(object, "status", "phase"));
  }

  public boolean sameLabelsAndAnnotations(PodDefinition other) {
    return at(metadata(), "labels").equals(at(other.metadata(), "labels"))
        && at(metadata(), "annotations").equals(at(other.metadata(), "annotations"));
  }

  public Optional<Duration> activeDeadline() {
    return number(object, "spec", "activeDeadlineSeconds").map(Duration::ofSeconds);
  }

  /** When the node first saw the pod, if that was reported. */
  public Optional<Instant> startTime() {
    return Fields.find(object, "status", "startTime").map(Instant::parse);
  }

  public List<JsonNode> volumes() {
    return list(object, "spec", "volumes");
  }

  public static String nameOf(JsonNode container) {
    return text(container, "name");
  }

  /** An init container that keeps running beside the others. */
  public static boolean isSidecar(JsonNode initContainer) {
    return "Always".equals(text(initContainer, "restartPolicy"));
  }

  /** Changes when the container must be replaced: its image is all that can change. */
  public static String hashOf(JsonNode container) {
    CRC32 crc = new CRC32();
    crc.update(
        (nameOf(container) + "\n" + text(container, "image")).getBytes(StandardCharsets.UTF_8));
    return Long.toHexString(crc.getValue());
  }

  /** What becomes of containers that end. */
  public enum RestartPolicy {
    ALWAYS,
    ON_FAILURE,
    NEVER
  }
}
