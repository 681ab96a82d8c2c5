package dev.ensemble.http.resource;

import akka.http.javadsl.model.HttpResponse;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ensemble.actors.store.Outcome;
import dev.ensemble.core.decode.DecodeOptions;
import dev.ensemble.core.entity.ObjectCommand;
import dev.ensemble.core.schema.ApiKind;
import dev.ensemble.core.schema.Definitions;
import dev.ensemble.core.schema.Schema;
import dev.ensemble.core.validation.Validation;
import dev.ensemble.http.admission.Admission;
import dev.ensemble.http.read.Target;
import dev.ensemble.http.request.RequestInfo;
import dev.ensemble.http.request.WriteOptions;
import dev.ensemble.http.server.ApiRequest;
import dev.ensemble.http.server.Responses;
import dev.ensemble.http.status.Statuses;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Serves pods/NAME/binding and the older bindings: another scheduler than ours places a pod. */
final class Bindings {
  private static final ApiKind KIND = new ApiKind("", "v1", "Binding");
  private static final Schema.Struct SHAPE =
      Definitions.builtIn().get("io.k8s.api.core.v1.Binding");

  private final WriteSteps steps;

  Bindings(WriteSteps steps) {
    this.steps = steps;
  }

  /**
   * @param pods the resource of pods
   */
  CompletionStage<HttpResponse> bind(ApiRequest request, Target pods) {
    RequestInfo info = request.info();
    WriteOptions options = WriteOptions.of(request.query(), WriteOptions.Form.CREATE);
    ObjectNode binding =
        steps.bodies.read(request, KIND, SHAPE, DecodeOptions.of(options.fieldValidation()));
    Metadata.placeInNamespace(binding, pods, info);
    String name = Metadata.text(binding, "name");
    if (!info.subresource().isEmpty() && !name.equals(info.name())) {
      Metadata.requireName(binding, info.name());
    }
    var errors = Validation.binding(binding);
    if (!errors.isEmpty()) {
      throw Statuses.invalid(KIND.group(), KIND.kind(), name, errors);
    }
    if (steps.current(pods, info.namespace(), name).isEmpty()) {
      throw Statuses.notFound(pods.name(), name);
    }
    if (options.dryRun()) {
      return CompletableFuture.completedFuture(Responses.json(201, Statuses.success(201)));
    }
    String uid = Metadata.text(binding, "uid");
    ObjectCommand command =
        new ObjectCommand.Bind(
            uid.isEmpty() ? Optional.empty() : Optional.of(uid),
            binding.path("target").path("name").asText(),
            List.of());
    return steps
        .submit(
            request,
            pods.key(info.namespace(), name),
            command,
            options.managerOr(request.userAgent()),
            Admission.Release.NOTHING)
        .thenApply(
            outcome -> {
              if (outcome instanceof Outcome.Rejected rejected) {
                throw WriteSteps.failure(pods, rejected);
              }
              return Responses.json(201, Statuses.success(201));
            });
  }
}
