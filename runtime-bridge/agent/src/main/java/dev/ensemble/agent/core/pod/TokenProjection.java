package dev.ensemble.agent.core.pod;

import static dev.ensemble.agent.core.Fields.at;
import static dev.ensemble.agent.core.Fields.find;
import static dev.ensemble.agent.core.Fields.has;
import static dev.ensemble.agent.core.Fields.list;
import static dev.ensemble.agent.core.Fields.number;
import static dev.ensemble.agent.core.Fields.text;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.time.Instant;

/**
 * A token of a service account that a volume asks for: good for this pod only, and as long as it
 * lives.
 *
 * @param audience empty for the API's own
 */
public record TokenProjection(
    String namespace,
    String podName,
    String podUid,
    String account,
    String audience,
    long expirationSeconds) {
  /** The API's default. */
  private static final long EXPIRATION_SECONDS = 3600;

  /** A token is renewed after this much of its time (as the kubelet does). */
  private static final int RENEW_PERCENT = 80;

  private static final Duration AGE_MAX = Duration.ofHours(24);

  static TokenProjection of(PodDefinition pod, JsonNode source) {
    JsonNode given = at(source, "serviceAccountToken");
    return new TokenProjection(
        pod.namespace(),
        pod.name(),
        pod.uid(),
        find(pod.spec(), "serviceAccountName").filter(name -> !name.isEmpty()).orElse("default"),
        text(given, "audience"),
        number(given, "expirationSeconds").orElse(EXPIRATION_SECONDS));
  }

  /** Whether one of the pod's volumes asks for a token. */
  public static boolean isIn(PodDefinition pod) {
    return pod.volumes().stream()
        .flatMap(volume -> list(volume, "projected", "sources").stream())
        .anyMatch(source -> has(source, "serviceAccountToken"));
  }

  /** When a token is to be replaced: at 80 percent of its time, or after a day. */
  public static Instant renewAt(Instant issued, Instant expires) {
    Duration share = Duration.between(issued, expires).multipliedBy(RENEW_PERCENT).dividedBy(100);
    return issued.plus(share.compareTo(AGE_MAX) < 0 ? share : AGE_MAX);
  }
}
