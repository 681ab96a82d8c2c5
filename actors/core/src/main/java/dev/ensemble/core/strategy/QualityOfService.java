package dev.ensemble.core.strategy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.ensemble.core.object.Fields;
import dev.ensemble.core.quantity.Quantity;
import dev.ensemble.core.quantity.QuantityFormatException;
import java.util.List;

/** How a pod is treated when its node runs short, from what it asks for. */
public enum QualityOfService {
  GUARANTEED("Guaranteed"),
  BURSTABLE("Burstable"),
  BEST_EFFORT("BestEffort");

  private static final List<String> JUDGED = List.of("cpu", "memory");

  private final String word;

  QualityOfService(String word) {
    this.word = word;
  }

  /** As in {@code status.qosClass}. */
  public String word() {
    return word;
  }

  public static QualityOfService of(JsonNode spec) {
    if (spec.path("resources").size() > 0) {
      JsonNode resources = spec.get("resources");
      return asks(resources) ? isGuaranteed(resources) ? GUARANTEED : BURSTABLE : BEST_EFFORT;
    }
    boolean any = false;
    boolean guaranteed = true;
    for (String list : List.of("containers", "initContainers")) {
      for (JsonNode container : Fields.items(spec, list)) {
        JsonNode resources = container.path("resources");
        any |= asks(resources);
        guaranteed &= isGuaranteed(resources);
      }
    }
    if (!any) {
      return BEST_EFFORT;
    }
    return guaranteed ? GUARANTEED : BURSTABLE;
  }

  private static boolean asks(JsonNode resources) {
    for (String resource : JUDGED) {
      for (String list : List.of("requests", "limits")) {
        if (signum(resources.path(list).path(resource)) > 0) {
          return true;
        }
      }
    }
    return false;
  }

  private static boolean isGuaranteed(JsonNode resources) {
    for (String resource : JUDGED) {
      JsonNode limit = resources.path("limits").path(resource);
      JsonNode request = resources.path("requests").path(resource);
      boolean same = request.isMissingNode() || amount(request).equals(amount(limit));
      if (signum(limit) <= 0 || !same) {
        return false;
      }
    }
    return true;
  }

  private static int signum(JsonNode amount) {
    return amount.isMissingNode() ? 0 : amount(amount).signum();
  }

  // Run before validation, which says what is wrong with an amount that is none.
  private static Quantity amount(JsonNode text) {
    try {
      return Quantity.parse(text.asText());
    } catch (QuantityFormatException malformed) {
      return Quantity.ZERO;
    }
  }
}
