package dev.ensemble.http.server;

import dev.ensemble.actors.node.NodeSessions;
import dev.ensemble.actors.scheduler.Advice;
import dev.ensemble.actors.store.ObjectStore;
import dev.ensemble.core.resource.ResourceTypes;
import dev.ensemble.http.observe.Health;
import dev.ensemble.http.observe.RequestMetrics;
import dev.ensemble.http.tls.ClusterCertificates;
import java.time.Instant;
import java.util.List;
import java.util.function.Supplier;

/**
 * What the API server stands on.
 *
 * @param checks further conditions of health, such as that ledgers are recovered
 * @param scrape what /metrics answers
 */
public record ApiParts(
    ObjectStore store,
    NodeSessions nodes,
    Advice advice,
    ResourceTypes types,
    ClusterCertificates certificates,
    RequestMetrics metrics,
    List<Health.Check> checks,
    Supplier<String> scrape,
    Supplier<Instant> clock) {
  public ApiParts {
    checks = List.copyOf(checks);
  }
}
