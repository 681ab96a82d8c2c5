package dev.ensemble.http.resource;

import akka.http.javadsl.model.HttpResponse;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ensemble.actors.view.StoredObject;
import dev.ensemble.core.decode.DecodeOptions;
import dev.ensemble.core.schema.ApiKind;
import dev.ensemble.core.schema.Definitions;
import dev.ensemble.core.schema.Schema;
import dev.ensemble.core.selector.LabelSelector;
import dev.ensemble.core.validation.Validation;
import dev.ensemble.http.read.Target;
import dev.ensemble.http.request.RequestInfo;
import dev.ensemble.http.request.WriteOptions;
import dev.ensemble.http.server.ApiRequest;
import dev.ensemble.http.server.Json;
import dev.ensemble.http.status.Statuses;
import java.util.concurrent.CompletionStage;

/** Serves the scale subresource: autoscaling/v1 Scale over {@code spec.replicas}. */
final class Scales {
  private static final ApiKind KIND = new ApiKind("autoscaling", "v1", "Scale");
  private static final Schema.Struct SHAPE =
      Definitions.builtIn().get("io.k8s.api.autoscaling.v1.Scale");

  /** How often a patch that names no version is computed anew when it loses a race. */
  private static final int ATTEMPTS_MAX = 5;

  private final WriteSteps steps;
  private final Updates updates;
  private final Patches patches;

  Scales(WriteSteps steps, Updates updates, Patches patches) {
    this.steps = steps;
    this.updates = updates;
    this.patches = patches;
  }

  HttpResponse get(ApiRequest request, Target target) {
    RequestInfo info = request.info();
    StoredObject object =
        steps
            .current(target, info.namespace(), info.name())
            .orElseThrow(() -> Statuses.notFound(target.name(), info.name()));
    return answer(request, target, scaleOf(object.tree()));
  }

  CompletionStage<HttpResponse> update(ApiRequest request, Target target) {
    WriteOptions options = WriteOptions.of(request.query(), WriteOptions.Form.UPDATE);
    ObjectNode scale =
        steps.bodies.read(request, KIND, SHAPE, DecodeOptions.of(options.fieldValidation()));
    Metadata.placeInNamespace(scale, target, request.info());
    Metadata.requireName(scale, request.info().name());
    return change(request, target, options, live -> scale);
  }

  CompletionStage<HttpResponse> patch(ApiRequest request, Target target) {
    PatchType type = Patches.type(request);
    if (type == PatchType.APPLY) {
      throw Statuses.unsupportedMediaType(PatchType.mediaTypes().subList(0, 3));
    }
    WriteOptions options = WriteOptions.of(request.query(), WriteOptions.Form.PATCH);
    return change(
        request,
        target,
        options,
        live -> {
          ObjectNode before = scaleOf(live);
          Metadata.withoutRevision(before);
          JsonNode after = patches.patched(request, type, target, before);
          if (after instanceof ObjectNode scale) {
            return scale;
          }
          throw Statuses.badRequest("the patch does not leave a Scale");
        });
  }

  private CompletionStage<HttpResponse> change(
      ApiRequest request,
      Target target,
      WriteOptions options,
      java.util.function.Function<ObjectNode, ObjectNode> wanted) {
    Updates.Manner manner =
        new Updates.Manner(
            options.dryRun(),
            options.managerOr(request.userAgent()),
            "scale",
            Creates.Ownership.UPDATED);
    return updates
        .changed(
            request,
            target,
            manner,
            live -> {
              ObjectNode scale = wanted.apply(live);
              var errors = Validation.scale(scale);
              if (!errors.isEmpty()) {
                throw Statuses.invalid(KIND.group(), KIND.kind(), request.info().name(), errors);
              }
              ObjectNode object = live.deepCopy();
              object
                  .withObject("/spec")
                  .put("replicas", scale.path("spec").path("replicas").asInt(0));
              String revision = Metadata.text(scale, "resourceVersion");
              Metadata.withoutRevision(object);
              if (!revision.isEmpty()) {
                Metadata.of(object).put("resourceVersion", revision);
              }
              return object;
            },
            ATTEMPTS_MAX)
        .thenApply(done -> answer(request, target, scaleOf(done.object(target))));
  }

  private HttpResponse answer(ApiRequest request, Target target, ObjectNode scale) {
    return steps.answers.tree(request, 200, target, scale);
  }

  private static ObjectNode scaleOf(ObjectNode object) {
    ObjectNode scale = Json.object();
    scale.put("kind", KIND.kind());
    scale.put("apiVersion", KIND.apiVersion());
    ObjectNode metadata = scale.putObject("metadata");
    for (String field :
        java.util.List.of("name", "namespace", "uid", "resourceVersion", "creationTimestamp")) {
      JsonNode value = object.path("metadata").path(field);
      if (!value.isMissingNode()) {
        metadata.set(field, value);
      }
    }
    JsonNode replicas = object.path("spec").path("replicas");
    ObjectNode spec = scale.putObject("spec");
    if (replicas.asInt(0) != 0) {
      spec.put("replicas", replicas.asInt());
    }
    ObjectNode status = scale.putObject("status");
    status.put("replicas", object.path("status").path("replicas").asInt(0));
    String selector = selector(object.path("spec").path("selector"));
    if (!selector.isEmpty()) {
      status.put("selector", selector);
    }
    return scale;
  }

  /** A ReplicationController's selector is a plain map; the others' have matchLabels. */
  private static String selector(JsonNode selector) {
    if (!selector.isObject()) {
      return "";
    }
    boolean plain = !selector.has("matchLabels") && !selector.has("matchExpressions");
    JsonNode form = plain ? Json.object().set("matchLabels", selector) : selector;
    return LabelSelector.fromObject(form).toString();
  }
}
