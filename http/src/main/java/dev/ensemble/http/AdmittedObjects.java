package dev.ensemble.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ensemble.actors.controller.Preparation;
import dev.ensemble.core.defaults.Defaults;
import dev.ensemble.core.entity.Rejection;
import dev.ensemble.core.object.ObjectKey;
import dev.ensemble.core.resource.ResourceTypes;
import dev.ensemble.core.strategy.Strategies;
import dev.ensemble.core.validation.FieldError;
import dev.ensemble.core.validation.Validation;
import dev.ensemble.http.admission.PodAdmissions;
import dev.ensemble.persistence.format.Provenance;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/**
 * Objects that controllers make go through the same defaults, admission and validation as those of
 * clients.
 */
final class AdmittedObjects implements Preparation {
  private static final List<String> BIRTH = List.of("uid", "creationTimestamp");

  private final ResourceTypes types;
  private final Supplier<Optional<PodAdmissions>> pods;

  /**
   * @param pods empty until the objects that it looks at can be seen
   */
  AdmittedObjects(ResourceTypes types, Supplier<Optional<PodAdmissions>> pods) {
    this.types = types;
    this.pods = pods;
  }

  @Override
  public CompletionStage<Prepared> prepare(
      ObjectKey key, ObjectNode object, Provenance provenance) {
    ObjectNode born = ((ObjectNode) object.path("metadata")).deepCopy().retain(BIRTH);
    Defaults.of(key.resource()).apply(object);
    Strategies.of(key.resource()).prepareForCreate(object);
    if (key.resource().toString().equals("pods")) {
      Optional<PodAdmissions> admissions = pods.get();
      if (admissions.isEmpty()) {
        return CompletableFuture.failedFuture(
            new IllegalStateException("pods cannot be admitted yet"));
      }
      Optional<String> refusal = admissions.get().complete(key.namespace(), object);
      if (refusal.isPresent()) {
        return CompletableFuture.completedFuture(
            new Refused(new Rejection.Forbidden(key, refusal.get())));
      }
    }
    List<FieldError> errors = Validation.of(key.resource()).create(object);
    // Taken away above, as from a client's body.
    ((ObjectNode) object.path("metadata")).setAll(born);
    if (errors.isEmpty()) {
      return CompletableFuture.completedFuture(new Ready(object));
    }
    String kind =
        types.byName(key.resource()).map(type -> type.kind()).orElse(key.resource().plural());
    return CompletableFuture.completedFuture(new Refused(new Rejection.Invalid(key, kind, errors)));
  }
}
