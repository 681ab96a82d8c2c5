package dev.ensemble.persistence.format;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Who made a change, from where, when, and why. Recorded with each event from the first one on.
 *
 * @param user the authenticated user, such as {@code kubernetes-admin} or {@code
 *     system:controller:replicaset}
 * @param groups the user's groups
 * @param userAgent the client's User-Agent; empty for internal callers
 * @param fieldManager the field manager of the change; empty when there is none
 * @param source the client's address; empty for internal callers
 * @param requestId the id of the API request, the same as in logs; empty for internal callers
 * @param at when the request was accepted
 * @param cause the event that led to this one; empty for a request of a person or an outside client
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record Provenance(
    String user,
    List<String> groups,
    String userAgent,
    String fieldManager,
    String source,
    String requestId,
    Instant at,
    Optional<EventId> cause) {
  public Provenance {
    groups = List.copyOf(groups);
  }

  /**
   * For a part of Ensemble itself, such as {@code system:controller:replicaset}, that acts because
   * of an event.
   */
  public static Provenance internal(String user, Instant at, Optional<EventId> cause) {
    return new Provenance(user, List.of("system:masters"), "", "", "", "", at, cause);
  }
}
