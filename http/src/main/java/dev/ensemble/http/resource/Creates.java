package dev.ensemble.http.resource;

import akka.http.javadsl.model.HttpResponse;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ensemble.actors.store.Outcome;
import dev.ensemble.core.entity.ObjectCommand;
import dev.ensemble.core.entity.Rejection;
import dev.ensemble.core.validation.FieldError;
import dev.ensemble.core.validation.Names;
import dev.ensemble.http.admission.Admission;
import dev.ensemble.http.read.Target;
import dev.ensemble.http.request.WriteOptions;
import dev.ensemble.http.server.ApiRequest;
import dev.ensemble.http.status.Statuses;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ThreadLocalRandom;

/** Serves create, and the creating halves of update and apply. */
final class Creates {
  /** How often a generated name is tried again when it is taken (as apiserver). */
  private static final int GENERATED_NAMES_MAX = 8;

  private final WriteSteps steps;

  Creates(WriteSteps steps) {
    this.steps = steps;
  }

  CompletionStage<HttpResponse> create(ApiRequest request, Target target) {
    WriteOptions options = WriteOptions.of(request.query(), WriteOptions.Form.CREATE);
    ObjectNode object = steps.bodies.read(request, target.served(), options.fieldValidation());
    if (!Metadata.text(object, "resourceVersion").isEmpty()) {
      throw Statuses.badRequest("resourceVersion should not be set on objects to be created");
    }
    return create(
        request,
        target,
        object,
        new Manner(options.dryRun(), options.managerOr(request.userAgent()), Ownership.UPDATED));
  }

  /** Whether managedFields are made here or come with an applied object. */
  enum Ownership {
    UPDATED,
    APPLIED
  }

  record Manner(boolean dryRun, String manager, Ownership ownership) {}

  /** Creates a decoded object in the served version. */
  CompletionStage<HttpResponse> create(
      ApiRequest request, Target target, ObjectNode decoded, Manner manner) {
    Metadata.placeInNamespace(decoded, target, request.info());
    String name = Metadata.text(decoded, "name");
    String prefix = Metadata.text(decoded, "generateName");
    if (name.isEmpty() && prefix.isEmpty()) {
      throw Statuses.invalid(
          target.served().group(),
          target.served().kind(),
          "",
          List.of(FieldError.required("metadata.name", "name or generateName is required")));
    }
    steps.requireNamespace(target, request.info().namespace(), name);
    ObjectNode object = steps.stored(target, decoded);
    boolean generated = name.isEmpty();
    return attempt(request, target, object, manner, generated ? GENERATED_NAMES_MAX : 1)
        .thenCompose(stage -> stage);
  }

  private CompletionStage<CompletionStage<HttpResponse>> attempt(
      ApiRequest request, Target target, ObjectNode template, Manner manner, int tries) {
    boolean again = tries > 1;
    ObjectNode object = again ? template.deepCopy() : template;
    if (Metadata.text(object, "name").isEmpty()) {
      Metadata.of(object)
          .put(
              "name",
              Names.generated(
                  Metadata.text(object, "generateName"),
                  bound -> ThreadLocalRandom.current().nextInt(bound)));
    }
    Admission.Release release = prepare(request, target, object, manner);
    if (manner.dryRun()) {
      release.release();
      if (steps
          .current(target, request.info().namespace(), Metadata.text(object, "name"))
          .isPresent()) {
        throw Statuses.alreadyExists(target.name(), Metadata.text(object, "name"));
      }
      return java.util.concurrent.CompletableFuture.completedFuture(
          steps.dryRun(request, 201, target, object));
    }
    return steps
        .submit(
            request,
            target.key(request.info().namespace(), Metadata.text(object, "name")),
            new ObjectCommand.Create(object),
            manner.manager(),
            release)
        .thenApply(
            outcome ->
                again && taken(outcome)
                    ? attempt(request, target, template, manner, tries - 1)
                        .thenCompose(stage -> stage)
                    : java.util.concurrent.CompletableFuture.completedFuture(
                        steps.answer(request, 201, target, outcome)));
  }

  private Admission.Release prepare(
      ApiRequest request, Target target, ObjectNode object, Manner manner) {
    steps.rules.defaults(target.stored(), object);
    steps.rules.prepareCreate(target.stored(), object);
    Metadata.born(object, request.at());
    if (manner.ownership() == Ownership.UPDATED) {
      steps.ownership.updated(
          target.stored(),
          Optional.empty(),
          object,
          new FieldOwnership.Writer(manner.manager(), "", request.at()));
    }
    Admission.Release release =
        steps.admit(
            new Admission.Change(
                target.stored(),
                request.info().namespace(),
                object,
                Optional.empty(),
                "",
                request.user()));
    try {
      steps.refuse(target.served(), object, steps.rules.validateCreate(target.stored(), object));
      steps.rules.warnings(target.stored(), object).forEach(request::warn);
      return release;
    } catch (RuntimeException e) {
      release.release();
      throw e;
    }
  }

  private static boolean taken(Outcome outcome) {
    return outcome instanceof Outcome.Rejected rejected
        && rejected.rejection() instanceof Rejection.AlreadyExists;
  }
}
