package dev.ensemble.http.read;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ensemble.http.server.Json;
import dev.ensemble.http.status.Statuses;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;

/**
 * Where a list goes on: after which object, and in which revision. No revision means the newest, at
 * the price of consistency.
 */
record ContinueToken(Optional<Long> revision, String namespace, String name) {
  private static final String VERSION = "meta.k8s.io/v1";

  String encode() {
    ObjectNode token = Json.object();
    token.put("v", VERSION);
    token.put("rv", revision.orElse(-1L));
    token.put("start", namespace + "/" + name);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(Json.bytes(token));
  }

  /**
   * @throws dev.ensemble.http.status.StatusException 400 when the token is not one of ours
   */
  static ContinueToken decode(String text) {
    try {
      JsonNode token =
          Json.tree(Base64.getUrlDecoder().decode(text.getBytes(StandardCharsets.US_ASCII)));
      String start = token.path("start").asText("");
      int slash = start.indexOf('/');
      long revision = token.path("rv").asLong(0);
      if (token.path("v").asText().equals(VERSION)
          && slash >= 0
          && start.indexOf('/', slash + 1) < 0
          && revision != 0) {
        return new ContinueToken(
            revision < 0 ? Optional.empty() : Optional.of(revision),
            start.substring(0, slash),
            start.substring(slash + 1));
      }
    } catch (IllegalArgumentException | IllegalStateException e) {
      // Falls through to the answer for all that is no token.
    }
    throw Statuses.badRequest("continue key is not valid: it was not made by this server");
  }
}
