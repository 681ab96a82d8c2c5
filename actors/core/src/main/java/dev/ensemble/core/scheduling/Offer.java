package dev.ensemble.core.scheduling;

import com.fasterxml.jackson.databind.JsonNode;
import dev.ensemble.core.quantity.Quantity;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;

/**
 * A node's standing offer: what it has, what is given away, and what a pod must know of it.
 *
 * @param podsMax how many pods it takes
 * @param images sizes in bytes by image name
 * @param priceMicros what one hour of it costs in millionths, from the annotation {@code
 *     ensemble.dev/price-micros}; no score of the default profile looks at it
 * @param underWay uids of pods that are awarded and not yet bound; they are part of {@code usage}
 */
public record Offer(
    String node,
    String nodeUid,
    Resources allocatable,
    long podsMax,
    Usage usage,
    Map<String, String> labels,
    List<Taint> taints,
    boolean unschedulable,
    Map<String, Long> images,
    OptionalLong priceMicros,
    Set<String> underWay) {
  public static final String PRICE_ANNOTATION = "ensemble.dev/price-micros";

  public Offer {
    labels = Map.copyOf(labels);
    taints = List.copyOf(taints);
    images = Map.copyOf(images);
    underWay = Set.copyOf(underWay);
  }

  /** Reads a Node that has given nothing away. */
  public static Offer read(JsonNode node) {
    JsonNode meta = node.path("metadata");
    JsonNode allocatable = node.path("status").path("allocatable");
    return new Offer(
        meta.path("name").asText(),
        meta.path("uid").asText(),
        Resources.read(allocatable),
        allocatable.has("pods") ? Quantity.parse(allocatable.get("pods").asText()).value() : 0,
        Usage.NONE,
        PodReader.strings(meta.path("labels")),
        taints(node.path("spec").path("taints")),
        node.path("spec").path("unschedulable").asBoolean(),
        images(node.path("status").path("images")),
        price(meta.path("annotations").path(PRICE_ANNOTATION).asText()),
        Set.of());
  }

  public Offer with(Usage newUsage, Set<String> newUnderWay) {
    return new Offer(
        node,
        nodeUid,
        allocatable,
        podsMax,
        newUsage,
        labels,
        taints,
        unschedulable,
        images,
        priceMicros,
        newUnderWay);
  }

  private static List<Taint> taints(JsonNode list) {
    List<Taint> taints = new ArrayList<>();
    for (JsonNode item : list) {
      taints.add(
          new Taint(
              item.path("key").asText(),
              item.path("value").asText(),
              Taint.Effect.read(item.path("effect").asText())));
    }
    return taints;
  }

  private static Map<String, Long> images(JsonNode list) {
    Map<String, Long> images = new HashMap<>();
    for (JsonNode image : list) {
      for (JsonNode name : image.path("names")) {
        images.put(name.asText(), image.path("sizeBytes").asLong());
      }
    }
    return images;
  }

  private static OptionalLong price(String text) {
    try {
      return text.isEmpty() ? OptionalLong.empty() : OptionalLong.of(Long.parseLong(text));
    } catch (NumberFormatException e) {
      return OptionalLong.empty();
    }
  }
}
