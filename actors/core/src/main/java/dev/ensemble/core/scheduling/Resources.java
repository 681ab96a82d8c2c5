package dev.ensemble.core.scheduling;

import com.fasterxml.jackson.databind.JsonNode;
import dev.ensemble.core.quantity.Quantity;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;

/**
 * Amounts of resources as the scheduler counts them: CPU in thousandths, everything else in whole
 * units, fractions rounded up.
 *
 * @param others extended resources and huge pages by name; a missing name is zero
 */
public record Resources(
    long milliCpu, long memoryBytes, long ephemeralStorageBytes, Map<String, Long> others) {
  public static final Resources NONE = new Resources(0, 0, 0, Map.of());

  public Resources {
    others = Map.copyOf(others);
  }

  public static Resources of(long milliCpu, long memoryBytes) {
    return new Resources(milliCpu, memoryBytes, 0, Map.of());
  }

  /** Reads a ResourceList. {@code pods} is not an amount that adds up and is left out. */
  public static Resources read(JsonNode list) {
    long cpu = 0;
    long memory = 0;
    long storage = 0;
    Map<String, Long> others = new HashMap<>();
    for (Iterator<Map.Entry<String, JsonNode>> it = list.fields(); it.hasNext(); ) {
      Map.Entry<String, JsonNode> entry = it.next();
      String text = entry.getValue().asText();
      switch (entry.getKey()) {
        case "cpu" -> cpu = Quantity.parse(text).milliValue();
        case "memory" -> memory = Quantity.parse(text).value();
        case "ephemeral-storage" -> storage = Quantity.parse(text).value();
        case "pods" -> {}
        default -> others.put(entry.getKey(), Quantity.parse(text).value());
      }
    }
    return new Resources(cpu, memory, storage, others);
  }

  public Resources plus(Resources other) {
    return new Resources(
        Amounts.sum(milliCpu, other.milliCpu),
        Amounts.sum(memoryBytes, other.memoryBytes),
        Amounts.sum(ephemeralStorageBytes, other.ephemeralStorageBytes),
        merge(other, Amounts::sum));
  }

  /** The larger of the two, resource by resource. */
  public Resources max(Resources other) {
    return new Resources(
        Math.max(milliCpu, other.milliCpu),
        Math.max(memoryBytes, other.memoryBytes),
        Math.max(ephemeralStorageBytes, other.ephemeralStorageBytes),
        merge(other, Math::max));
  }

  public long other(String name) {
    return others.getOrDefault(name, 0L);
  }

  public boolean isNone() {
    return milliCpu == 0 && memoryBytes == 0 && ephemeralStorageBytes == 0 && others.isEmpty();
  }

  /** Whether {@code other} is nowhere larger than this. */
  public boolean covers(Resources other) {
    return other.milliCpu <= milliCpu
        && other.memoryBytes <= memoryBytes
        && other.ephemeralStorageBytes <= ephemeralStorageBytes
        && other.others.entrySet().stream().allMatch(e -> e.getValue() <= other(e.getKey()));
  }

  private Map<String, Long> merge(
      Resources other, java.util.function.BinaryOperator<Long> combination) {
    if (other.others.isEmpty()) {
      return others;
    }
    if (others.isEmpty()) {
      return other.others;
    }
    Map<String, Long> merged = new HashMap<>(others);
    other.others.forEach((name, amount) -> merged.merge(name, amount, combination));
    return merged;
  }
}
