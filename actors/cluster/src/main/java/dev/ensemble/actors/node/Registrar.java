package dev.ensemble.actors.node;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ensemble.actors.store.ObjectStore;
import dev.ensemble.actors.store.Outcome;
import dev.ensemble.actors.view.StoredObject;
import dev.ensemble.core.entity.ObjectCommand;
import dev.ensemble.core.entity.Rejection;
import dev.ensemble.core.node.AgentReport;
import dev.ensemble.core.node.NodeRegistration;
import dev.ensemble.core.object.ObjectKey;
import dev.ensemble.persistence.format.Provenance;
import dev.ensemble.protocol.FromAgent;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Sees that the Node object of an agent stands: creates it, or brings it up to what the agent says.
 */
final class Registrar {
  private final String node;
  private final ObjectKey key;
  private final SessionParts parts;
  private final ObjectStore store;

  Registrar(String node, SessionParts parts) {
    this.node = node;
    this.key = new ObjectKey(NodeSight.NODES, "", node);
    this.parts = parts;
    this.store = parts.store();
  }

  /** The node's range of pod addresses. Fails with the reason when the Node cannot be had. */
  CompletionStage<String> register(FromAgent.Hello hello) {
    Optional<StoredObject> stored = stored();
    return stored.isPresent() ? update(stored.get(), hello) : create(hello);
  }

  Optional<StoredObject> stored() {
    return store.view(NodeSight.NODES).snapshot().get("", node);
  }

  Provenance provenance() {
    return new Provenance(
        "system:node:" + node,
        List.of("system:nodes", "system:authenticated"),
        "",
        "",
        "",
        "",
        parts.clock().instant(),
        Optional.empty());
  }

  /** Reports the node's status against what the view shows now. */
  CompletionStage<Outcome> report(ObjectNode status) {
    Optional<StoredObject> stored = stored();
    if (stored.isEmpty()) {
      return CompletableFuture.completedFuture(new Outcome.Rejected(new Rejection.NotFound(key)));
    }
    ObjectNode merged =
        AgentReport.nodeStatus(stored.get().tree().path("status"), status, parts.clock().instant());
    return store.submit(
        key, new ObjectCommand.ReportStatus(Optional.of(stored.get().uid()), merged), provenance());
  }

  private CompletionStage<String> create(FromAgent.Hello hello) {
    Optional<String> cidr = parts.cidrs().allocate(node);
    if (cidr.isEmpty()) {
      return refused("no range of pod addresses is left in " + parts.settings().clusterCidr());
    }
    Instant now = parts.clock().instant();
    String uid = UUID.randomUUID().toString();
    ObjectNode object =
        NodeRegistration.node(node, uid, hello.labels(), hello.status(), cidr.get(), now);
    return store
        .submit(key, new ObjectCommand.Create(object), provenance())
        .thenCompose(
            outcome -> {
              if (outcome instanceof Outcome.Rejected rejected) {
                parts.cidrs().release(node);
                return rejected.rejection() instanceof Rejection.AlreadyExists
                    ? stored().map(s -> update(s, hello)).orElseGet(() -> refused("try again"))
                    : refused(rejected.rejection().toString());
              }
              parts.cidrs().release(node);
              return CompletableFuture.completedFuture(cidr.get());
            });
  }

  private CompletionStage<String> update(StoredObject stored, FromAgent.Hello hello) {
    ObjectNode tree = stored.tree();
    String present = tree.path("spec").path("podCIDR").asText();
    Optional<String> given = Optional.empty();
    if (present.isEmpty()) {
      given = parts.cidrs().allocate(node);
      if (given.isEmpty()) {
        return refused("no range of pod addresses is left in " + parts.settings().clusterCidr());
      }
    }
    Optional<ObjectNode> patch =
        NodeRegistration.update(tree, hello.labels(), hello.status(), given);
    String cidr = given.orElse(present);
    CompletionStage<Optional<Rejection>> amended =
        patch.isEmpty()
            ? CompletableFuture.completedFuture(Optional.empty())
            : store
                .submit(
                    key,
                    new ObjectCommand.Amend(Optional.of(stored.uid()), patch.get()),
                    provenance())
                .thenApply(Registrar::rejection);
    return amended
        .thenCompose(
            rejection ->
                rejection.isPresent()
                    ? CompletableFuture.completedFuture(rejection)
                    : report(hello.status()).thenApply(Registrar::rejection))
        .thenCompose(
            rejection -> {
              parts.cidrs().release(node);
              return rejection.isPresent()
                  ? refused(rejection.get().toString())
                  : CompletableFuture.completedFuture(cidr);
            });
  }

  private static Optional<Rejection> rejection(Outcome outcome) {
    return outcome instanceof Outcome.Rejected rejected
        ? Optional.of(rejected.rejection())
        : Optional.empty();
  }

  private static <T> CompletionStage<T> refused(String why) {
    return CompletableFuture.failedFuture(new RefusedException(why));
  }

  /** The Node cannot be registered now. */
  static final class RefusedException extends RuntimeException {
    RefusedException(String why) {
      super(why);
    }
  }
}
