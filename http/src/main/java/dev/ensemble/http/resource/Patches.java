package dev.ensemble.http.resource;

import akka.http.javadsl.model.HttpResponse;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ensemble.actors.view.StoredObject;
import dev.ensemble.core.apply.ConflictPolicy;
import dev.ensemble.core.decode.DecodeOptions;
import dev.ensemble.http.read.Target;
import dev.ensemble.http.request.RequestInfo;
import dev.ensemble.http.request.WriteOptions;
import dev.ensemble.http.server.ApiRequest;
import dev.ensemble.http.status.Statuses;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** Serves patches of objects and of subresources that have the object's own shape. */
final class Patches {
  private final WriteSteps steps;
  private final Updates updates;
  private final Creates creates;
  private final PatchRules rules;

  Patches(WriteSteps steps, Updates updates, Creates creates, PatchRules rules) {
    this.steps = steps;
    this.updates = updates;
    this.creates = creates;
    this.rules = rules;
  }

  CompletionStage<HttpResponse> patch(ApiRequest request, Target target) {
    PatchType type = type(request);
    return type == PatchType.APPLY ? apply(request, target) : edit(request, target, type);
  }

  static PatchType type(ApiRequest request) {
    return PatchType.of(request.mediaType())
        .orElseThrow(() -> Statuses.unsupportedMediaType(PatchType.mediaTypes()));
  }

  /** A patch's body applied to a tree of any kind, such as a Scale. */
  JsonNode patched(ApiRequest request, PatchType type, Target target, ObjectNode object) {
    return rules.apply(
        type, target.served(), object, PatchBodies.read(request.body().toArrayUnsafe()));
  }

  private CompletionStage<HttpResponse> edit(ApiRequest request, Target target, PatchType type) {
    RequestInfo info = request.info();
    WriteOptions options = WriteOptions.of(request.query(), WriteOptions.Form.PATCH);
    JsonNode patch = PatchBodies.read(request.body().toArrayUnsafe());
    return updates.change(
        request,
        target,
        manner(request, options, Creates.Ownership.UPDATED),
        live -> {
          ObjectNode served = steps.served(target, live.deepCopy());
          JsonNode patched = rules.apply(type, target.served(), served, patch);
          ObjectNode object =
              steps.bodies.canonical(request, patched, target.served(), options.fieldValidation());
          Metadata.placeInNamespace(object, target, info);
          Metadata.requireName(object, info.name());
          ObjectNode stored = steps.stored(target, object);
          if (Metadata.text(stored, "resourceVersion")
                  .equals(Metadata.text(live, "resourceVersion"))
              && !mentionsRevision(patch)) {
            // What the patch did not say is no precondition: a lost race is tried again.
            Metadata.withoutRevision(stored);
          }
          return stored;
        });
  }

  private static boolean mentionsRevision(JsonNode patch) {
    return patch.isObject() && patch.path("metadata").hasNonNull("resourceVersion");
  }

  private CompletionStage<HttpResponse> apply(ApiRequest request, Target target) {
    RequestInfo info = request.info();
    WriteOptions options = WriteOptions.of(request.query(), WriteOptions.Form.APPLY);
    ObjectNode configuration =
        steps.bodies.readApplied(
            request,
            target.served(),
            new DecodeOptions(options.fieldValidation(), DecodeOptions.Zeros.AS_GIVEN));
    Metadata.placeInNamespace(configuration, target, info);
    if (Metadata.text(configuration, "name").isEmpty()) {
      Metadata.of(configuration).put("name", info.name());
    }
    Metadata.requireName(configuration, info.name());
    if (!Updates.managedFields(configuration).isMissingNode()) {
      throw Statuses.badRequest("metadata.managedFields must be nil");
    }
    ObjectNode stored = steps.stored(target, configuration);
    FieldOwnership.Apply how =
        new FieldOwnership.Apply(
            new FieldOwnership.Writer(options.fieldManager(), info.subresource(), request.at()),
            options.force() ? ConflictPolicy.FORCE : ConflictPolicy.REFUSE);
    Optional<StoredObject> current = steps.current(target, info.namespace(), info.name());
    if (current.isEmpty()) {
      return applyNew(request, target, stored, how, options);
    }
    return updates.change(
        request,
        target,
        manner(request, options, Creates.Ownership.APPLIED),
        live -> {
          String wanted = Metadata.text(stored, "resourceVersion");
          ObjectNode before = live.deepCopy();
          Metadata.withoutRevision(before);
          ObjectNode merged =
              steps.ownership.apply(target.stored(), Optional.of(before), stored.deepCopy(), how);
          Metadata.withoutRevision(merged);
          if (!wanted.isEmpty()) {
            Metadata.of(merged).put("resourceVersion", wanted);
          }
          return merged;
        });
  }

  private CompletionStage<HttpResponse> applyNew(
      ApiRequest request,
      Target target,
      ObjectNode configuration,
      FieldOwnership.Apply how,
      WriteOptions options) {
    if (!request.info().subresource().isEmpty()) {
      throw Statuses.notFound(target.name(), request.info().name());
    }
    if (!Metadata.text(configuration, "uid").isEmpty()) {
      throw Statuses.conflict(
          target.name(),
          request.info().name(),
          "uid mismatch: the provided object specified uid "
              + Metadata.text(configuration, "uid")
              + ", and no existing object was found");
    }
    ObjectNode merged =
        steps.ownership.apply(target.stored(), Optional.empty(), configuration, how);
    return creates.create(
        request,
        target,
        steps.served(target, Metadata.withoutRevision(merged)),
        new Creates.Manner(options.dryRun(), options.fieldManager(), Creates.Ownership.APPLIED));
  }

  private static Updates.Manner manner(
      ApiRequest request, WriteOptions options, Creates.Ownership ownership) {
    return new Updates.Manner(
        options.dryRun(),
        options.managerOr(request.userAgent()),
        request.info().subresource(),
        ownership);
  }
}
