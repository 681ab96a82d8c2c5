package dev.ensemble.core.defaults;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.ensemble.core.quantity.Quantity;
import dev.ensemble.core.quantity.QuantityFormatException;
import java.util.Map;
import java.util.Optional;

/** Lists of resource amounts. */
final class Amounts {
  private Amounts() {}

  /**
   * Writes each amount in its canonical form, rounded up to thousandths: nothing is counted more
   * finely. Text that is no amount is left for validation to name.
   */
  static void roundUp(JsonNode amounts) {
    if (!(amounts instanceof ObjectNode list)) {
      return;
    }
    for (Map.Entry<String, JsonNode> amount : list.properties()) {
      parse(amount.getValue())
          .map(quantity -> TextNode.valueOf(quantity.roundedUpToMilli().toString()))
          .filter(text -> !text.equals(amount.getValue()))
          .ifPresent(amount::setValue);
    }
  }

  static Optional<Quantity> parse(JsonNode amount) {
    try {
      return Optional.of(Quantity.parse(amount.asText()));
    } catch (QuantityFormatException malformed) {
      return Optional.empty();
    }
  }
}
