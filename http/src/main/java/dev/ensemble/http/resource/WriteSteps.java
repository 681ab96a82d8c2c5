package dev.ensemble.http.resource;

import akka.http.javadsl.model.HttpResponse;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ensemble.actors.store.ObjectStore;
import dev.ensemble.actors.store.Outcome;
import dev.ensemble.actors.view.StoredObject;
import dev.ensemble.core.entity.ObjectCommand;
import dev.ensemble.core.object.ObjectKey;
import dev.ensemble.core.object.ResourceName;
import dev.ensemble.core.resource.ResourceType;
import dev.ensemble.core.validation.FieldError;
import dev.ensemble.http.admission.Admission;
import dev.ensemble.http.read.Answers;
import dev.ensemble.http.read.Target;
import dev.ensemble.http.server.ApiRequest;
import dev.ensemble.http.status.Failures;
import dev.ensemble.http.status.StatusException;
import dev.ensemble.http.status.Statuses;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** The steps that creates, updates and patches share, and what they stand on. */
final class WriteSteps {
  static final ResourceName NAMESPACES = ResourceName.parse("namespaces");

  final ObjectStore store;
  final ObjectRules rules;
  final FieldOwnership ownership;
  final Bodies bodies;
  final Answers answers;
  private final List<Admission> admissions;

  WriteSteps(
      ObjectStore store,
      ObjectRules rules,
      FieldOwnership ownership,
      Bodies bodies,
      Answers answers,
      List<Admission> admissions) {
    this.store = store;
    this.rules = rules;
    this.ownership = ownership;
    this.bodies = bodies;
    this.answers = answers;
    this.admissions = List.copyOf(admissions);
  }

  ObjectNode stored(Target target, ObjectNode served) {
    return target.face().isEmpty() ? served : target.face().get().toStored(served);
  }

  ObjectNode served(Target target, ObjectNode stored) {
    return target.face().isEmpty() ? stored : target.face().get().toServed(stored);
  }

  /** The namespace must be there and, for new objects, not on its way out. */
  void requireNamespace(Target target, String namespace, String name) {
    if (!target.served().namespaced()) {
      return;
    }
    StoredObject found =
        store
            .view(NAMESPACES)
            .snapshot()
            .get("", namespace)
            .orElseThrow(() -> Statuses.notFound(NAMESPACES, namespace));
    if (Namespaces.terminating(found)) {
      throw Statuses.withCause(
          Statuses.forbidden(
              target.name(),
              name,
              "unable to create new content in namespace "
                  + namespace
                  + " because it is being terminated"),
          "NamespaceTerminating",
          "namespace " + namespace + " is being terminated",
          "metadata.namespace");
    }
  }

  /** Runs all admissions; what they hold is given back together. */
  Admission.Release admit(Admission.Change change) {
    List<Admission.Release> held = new ArrayList<>(2);
    Admission.Release all = () -> held.forEach(Admission.Release::release);
    try {
      for (Admission admission : admissions) {
        Admission.Release release = admission.admit(change);
        if (release != Admission.Release.NOTHING) {
          held.add(release);
        }
      }
    } catch (RuntimeException e) {
      all.release();
      throw e;
    }
    return held.isEmpty() ? Admission.Release.NOTHING : all;
  }

  void refuse(ResourceType type, ObjectNode object, List<FieldError> errors) {
    if (!errors.isEmpty()) {
      throw Statuses.invalid(type.group(), type.kind(), Metadata.text(object, "name"), errors);
    }
  }

  CompletionStage<Outcome> submit(
      ApiRequest request,
      ObjectKey key,
      ObjectCommand command,
      String manager,
      Admission.Release release) {
    CompletionStage<Outcome> outcome;
    try {
      outcome = store.submit(key, command, request.provenance(manager));
    } catch (RuntimeException e) {
      release.release();
      throw e;
    }
    return release == Admission.Release.NOTHING
        ? outcome
        : outcome.whenComplete((done, failure) -> release.release());
  }

  HttpResponse answer(ApiRequest request, int code, Target target, Outcome outcome) {
    if (outcome instanceof Outcome.Committed done) {
      return answers.object(request, code, target, done.object());
    }
    if (outcome instanceof Outcome.Unchanged same) {
      return answers.object(request, code, target, same.object());
    }
    if (outcome instanceof Outcome.Removed gone) {
      return answers.object(request, code, target, gone.last());
    }
    throw failure(target, ((Outcome.Rejected) outcome));
  }

  /** A rejection names the stored resource; the client asked for the served one. */
  static StatusException failure(Target target, Outcome.Rejected rejected) {
    StatusException failure = Failures.of(rejected.rejection());
    if (target.face().isEmpty()) {
      return failure;
    }
    ObjectNode status = failure.status();
    JsonNode details = status.path("details");
    if (details instanceof ObjectNode known && known.has("kind")) {
      known.put("group", target.name().group());
      known.put("kind", target.name().plural());
    }
    return new StatusException(status);
  }

  static boolean conflict(Outcome outcome) {
    return outcome instanceof Outcome.Rejected rejected
        && rejected.rejection() instanceof dev.ensemble.core.entity.Rejection.Conflict;
  }

  CompletionStage<HttpResponse> dryRun(
      ApiRequest request, int code, Target target, ObjectNode stored) {
    return CompletableFuture.completedFuture(
        answers.tree(request, code, target, served(target, stored)));
  }

  Optional<StoredObject> current(Target target, String namespace, String name) {
    return target.view().snapshot().get(namespace, name);
  }
}
