package dev.ensemble.core.defaults;

import com.fasterxml.jackson.databind.JsonNode;

/** Lists of resource amounts. */
final class Amounts {
  private Amounts() {}

  /** Nothing is counted more finely than in thousandths. */
  static void roundUp(JsonNode amounts) {}
}
