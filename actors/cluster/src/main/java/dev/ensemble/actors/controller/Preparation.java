package dev.ensemble.actors.controller;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ensemble.core.entity.Rejection;
import dev.ensemble.core.object.ObjectKey;
import dev.ensemble.persistence.format.Provenance;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * What an object that a controller makes goes through before it is created: defaults, admission,
 * validation, as if it had come through the API. It has name, uid and creationTimestamp already.
 */
@FunctionalInterface
public interface Preparation {
  /** Takes objects as they are; for tests and for kinds that need nothing. */
  Preparation AS_THEY_ARE =
      (key, object, provenance) -> CompletableFuture.completedFuture(new Ready(object));

  /** Fails only when something outside fails; a refusal is an answer. */
  CompletionStage<Prepared> prepare(ObjectKey key, ObjectNode object, Provenance provenance);

  /** What came of it. */
  sealed interface Prepared {}

  record Ready(ObjectNode object) implements Prepared {}

  record Refused(Rejection rejection) implements Prepared {}
}
