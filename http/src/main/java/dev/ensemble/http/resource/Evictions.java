package dev.ensemble.http.resource;

import akka.http.javadsl.model.HttpResponse;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ensemble.actors.store.Outcome;
import dev.ensemble.actors.view.StoredObject;
import dev.ensemble.core.decode.DecodeOptions;
import dev.ensemble.core.decode.FieldValidation;
import dev.ensemble.core.entity.ObjectCommand;
import dev.ensemble.core.object.ResourceName;
import dev.ensemble.core.schema.ApiKind;
import dev.ensemble.core.schema.Definitions;
import dev.ensemble.core.schema.Schema;
import dev.ensemble.core.selector.LabelSelector;
import dev.ensemble.http.admission.Admission;
import dev.ensemble.http.read.Target;
import dev.ensemble.http.read.Views;
import dev.ensemble.http.request.DeleteOptions;
import dev.ensemble.http.request.RequestInfo;
import dev.ensemble.http.server.ApiRequest;
import dev.ensemble.http.server.Responses;
import dev.ensemble.http.status.StatusException;
import dev.ensemble.http.status.Statuses;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Serves pods/NAME/eviction: a deletion that a PodDisruptionBudget may hold up. */
final class Evictions {
  private static final ApiKind KIND = new ApiKind("policy", "v1", "Eviction");
  private static final Schema.Struct SHAPE =
      Definitions.builtIn().get("io.k8s.api.policy.v1.Eviction");
  private static final ResourceName BUDGETS = ResourceName.parse("poddisruptionbudgets.policy");

  /** Phases in which a pod takes nothing from its budget (canIgnorePDB). */
  private static final Set<String> FREE_PHASES = Set.of("Succeeded", "Failed", "Pending");

  private final WriteSteps steps;
  private final Deletes deletes;
  private final Views views;

  Evictions(WriteSteps steps, Deletes deletes, Views views) {
    this.steps = steps;
    this.views = views;
    this.deletes = deletes;
  }

  CompletionStage<HttpResponse> evict(ApiRequest request, Target pods) {
    RequestInfo info = request.info();
    ObjectNode eviction =
        steps.bodies.read(request, KIND, SHAPE, DecodeOptions.of(FieldValidation.IGNORE));
    String name = Metadata.text(eviction, "name");
    if (!name.isEmpty() && !name.equals(info.name())) {
      throw Statuses.badRequest("name in URL does not match name in Eviction object");
    }
    StoredObject pod =
        steps
            .current(pods, info.namespace(), info.name())
            .orElseThrow(() -> Statuses.notFound(pods.name(), info.name()));
    DeleteOptions options =
        DeleteOptions.of(
            eviction.path("deleteOptions").isObject()
                ? eviction.path("deleteOptions")
                : eviction.objectNode(),
            request.query());
    ObjectNode tree = pod.tree();
    Optional<StoredObject> budget =
        free(tree, options) ? Optional.empty() : budget(info.namespace(), pod);
    CompletionStage<Boolean> granted =
        budget.isEmpty() || options.dryRun()
            ? CompletableFuture.completedFuture(true)
            : disrupt(request, budget.get(), pod, tree);
    return granted
        .thenCompose(ok -> deletes.delete(request, pods, pod, options))
        .thenApply(
            outcome -> {
              if (outcome instanceof Outcome.Rejected rejected) {
                throw WriteSteps.failure(pods, rejected);
              }
              return Responses.json(201, Statuses.success(201));
            });
  }

  private static boolean free(JsonNode pod, DeleteOptions options) {
    return FREE_PHASES.contains(pod.path("status").path("phase").asText("Pending"))
        || pod.path("metadata").hasNonNull("deletionTimestamp")
        || (options.graceSeconds().orElse(-1) == 0 && !ready(pod));
  }

  private Optional<StoredObject> budget(String namespace, StoredObject pod) {
    List<StoredObject> found = new ArrayList<>();
    for (StoredObject budget : views.inNamespace(BUDGETS, namespace)) {
      JsonNode selector = budget.tree().path("spec").path("selector");
      if (LabelSelector.fromObject(selector).matches(pod.labels())) {
        found.add(budget);
      }
    }
    if (found.size() > 1) {
      throw Statuses.internal(
          "This pod has more than one PodDisruptionBudget, which the eviction subresource does"
              + " not support.");
    }
    return found.stream().findFirst();
  }

  /** Takes one disruption from the budget, or refuses. */
  private CompletionStage<Boolean> disrupt(
      ApiRequest request, StoredObject budget, StoredObject pod, ObjectNode podTree) {
    ObjectNode tree = budget.tree();
    JsonNode status = tree.path("status");
    if (!ready(podTree)
        && status.path("currentHealthy").asInt() >= status.path("desiredHealthy").asInt()
        && status.path("desiredHealthy").asInt() > 0) {
      return CompletableFuture.completedFuture(true);
    }
    long seen = status.path("observedGeneration").asLong(0);
    if (seen < tree.path("metadata").path("generation").asLong(0)) {
      throw violated(
          "The disruption budget "
              + budget.key().name()
              + " is still being processed by the server.",
          Duration.ofSeconds(10));
    }
    int allowed = status.path("disruptionsAllowed").asInt(0);
    if (allowed <= 0) {
      throw violated(
          "The disruption budget "
              + budget.key().name()
              + " needs "
              + status.path("desiredHealthy").asInt()
              + " healthy pods and has "
              + status.path("currentHealthy").asInt()
              + " currently",
          Duration.ofSeconds(10));
    }
    ObjectNode changed = tree.withObject("/status");
    changed.put("disruptionsAllowed", allowed - 1);
    changed
        .withObject("/disruptedPods")
        .put(pod.key().name(), request.at().truncatedTo(ChronoUnit.SECONDS).toString());
    Metadata.withoutRevision(tree);
    return steps
        .submit(
            request,
            budget.key(),
            new ObjectCommand.Replace(tree, budget.sequence()),
            "",
            Admission.Release.NOTHING)
        .thenApply(
            outcome -> {
              if (outcome instanceof Outcome.Rejected) {
                throw violated(
                    "The disruption budget " + budget.key().name() + " changed meanwhile",
                    Duration.ofSeconds(1));
              }
              return true;
            });
  }

  private static StatusException violated(String message, Duration wait) {
    return Statuses.withCause(
        Statuses.tooManyRequests(
            "Cannot evict pod as it would violate the pod's disruption budget.", wait),
        "DisruptionBudget",
        message,
        "");
  }

  private static boolean ready(JsonNode pod) {
    for (JsonNode condition : pod.path("status").path("conditions")) {
      if (condition.path("type").asText().equals("Ready")) {
        return condition.path("status").asText().equals("True");
      }
    }
    return false;
  }
}
