package dev.ensemble.http.resource;

import akka.http.javadsl.model.HttpResponse;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.ensemble.actors.store.Outcome;
import dev.ensemble.actors.view.StoredObject;
import dev.ensemble.core.entity.ObjectCommand;
import dev.ensemble.core.entity.Rejection;
import dev.ensemble.core.strategy.Strategies;
import dev.ensemble.core.strategy.Strategy;
import dev.ensemble.core.validation.FieldError;
import dev.ensemble.http.admission.Admission;
import dev.ensemble.http.read.Target;
import dev.ensemble.http.request.RequestInfo;
import dev.ensemble.http.request.WriteOptions;
import dev.ensemble.http.server.ApiRequest;
import dev.ensemble.http.status.Failures;
import dev.ensemble.http.status.Statuses;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/**
 * Serves update of objects and of subresources that have the object's own shape, and is what
 * patches end in.
 */
final class Updates {
  /** An update that names no version is computed anew this often when it loses a race. */
  private static final int ATTEMPTS_MAX = 5;

  private final WriteSteps steps;
  private final Creates creates;

  Updates(WriteSteps steps, Creates creates) {
    this.steps = steps;
    this.creates = creates;
  }

  CompletionStage<HttpResponse> update(ApiRequest request, Target target) {
    RequestInfo info = request.info();
    WriteOptions options = WriteOptions.of(request.query(), WriteOptions.Form.UPDATE);
    ObjectNode body = steps.bodies.read(request, target.served(), options.fieldValidation());
    Metadata.placeInNamespace(body, target, info);
    Metadata.requireName(body, info.name());
    String manager = options.managerOr(request.userAgent());
    Strategy strategy = Strategies.of(target.storedName());
    Optional<StoredObject> current = steps.current(target, info.namespace(), info.name());
    if (current.isEmpty()) {
      if (!info.subresource().isEmpty()
          || strategy.createOnUpdate() == Strategy.CreateOnUpdate.REFUSED) {
        throw Statuses.notFound(target.name(), info.name());
      }
      Metadata.withoutRevision(body);
      return creates.create(
          request,
          target,
          body,
          new Creates.Manner(options.dryRun(), manager, Creates.Ownership.UPDATED));
    }
    String revision = Metadata.text(body, "resourceVersion");
    if (revision.isEmpty()
        && strategy.unconditionalUpdate() == Strategy.UnconditionalUpdate.REFUSED) {
      steps.refuse(
          target.served(),
          body,
          List.of(
              FieldError.invalid(
                  "metadata.resourceVersion",
                  TextNode.valueOf(""),
                  "must be specified for an update")));
    }
    ObjectNode object = steps.stored(target, body);
    Manner manner =
        new Manner(options.dryRun(), manager, info.subresource(), Creates.Ownership.UPDATED);
    return change(request, target, manner, live -> object.deepCopy());
  }

  /**
   * @param subresource which part of the object may change; empty for the object itself
   */
  record Manner(boolean dryRun, String manager, String subresource, Creates.Ownership ownership) {}

  /**
   * Computes a new version from the live one and has the entity take it; when the new version names
   * no resourceVersion and another write comes first, again.
   *
   * @param edit from the live object, which it may keep parts of but not change, to the wanted one,
   *     both in the stored version
   */
  CompletionStage<HttpResponse> change(
      ApiRequest request, Target target, Manner manner, Function<ObjectNode, ObjectNode> edit) {
    return changed(request, target, manner, edit, ATTEMPTS_MAX)
        .thenApply(done -> done.response(steps, request, target));
  }

  /** Like {@link #change}, for callers that shape their own answer. */
  CompletionStage<Changed> changed(
      ApiRequest request,
      Target target,
      Manner manner,
      Function<ObjectNode, ObjectNode> edit,
      int attempts) {
    RequestInfo info = request.info();
    StoredObject current =
        steps
            .current(target, info.namespace(), info.name())
            .orElseThrow(() -> Statuses.notFound(target.name(), info.name()));
    ObjectNode live = current.tree();
    ObjectNode object = edit.apply(live);
    String wanted = Metadata.text(object, "resourceVersion");
    requireSame(target, info.name(), object, live, wanted);
    Metadata.withoutRevision(object);
    Metadata.withoutRevision(live);
    Admission.Release release = prepare(request, target, manner, object, live);
    if (manner.ownership() == Creates.Ownership.APPLIED) {
      steps.ownership.settled(live, object);
    }
    if (object.equals(live)) {
      release.release();
      return CompletableFuture.completedFuture(new Changed(new Outcome.Unchanged(current), null));
    }
    if (manner.dryRun()) {
      release.release();
      Metadata.of(object).put("resourceVersion", Long.toString(current.revision()));
      return CompletableFuture.completedFuture(new Changed(null, object));
    }
    boolean again = wanted.isEmpty() && attempts > 1;
    return steps
        .submit(
            request,
            current.key(),
            new ObjectCommand.Replace(object, current.sequence()),
            manner.manager(),
            release)
        .thenCompose(
            outcome ->
                again && WriteSteps.conflict(outcome)
                    ? changed(request, target, manner, edit, attempts - 1)
                    : CompletableFuture.completedFuture(new Changed(outcome, null)));
  }

  /**
   * What came of a change: the entity's outcome, or the object of a dry run in the stored version.
   */
  static final class Changed {
    private final Outcome outcome;
    private final ObjectNode dry;

    Changed(Outcome outcome, ObjectNode dry) {
      this.outcome = outcome;
      this.dry = dry;
    }

    HttpResponse response(WriteSteps steps, ApiRequest request, Target target) {
      return dry == null
          ? steps.answer(request, 200, target, outcome)
          : steps.answers.tree(request, 200, target, steps.served(target, dry));
    }

    /** The object after the change, with its resourceVersion, in the stored version. */
    ObjectNode object(Target target) {
      if (dry != null) {
        return dry;
      }
      if (outcome instanceof Outcome.Committed done) {
        return done.object().tree();
      }
      if (outcome instanceof Outcome.Unchanged same) {
        return same.object().tree();
      }
      if (outcome instanceof Outcome.Removed gone) {
        return gone.last().tree();
      }
      throw WriteSteps.failure(target, (Outcome.Rejected) outcome);
    }
  }

  private static void requireSame(
      Target target, String name, ObjectNode object, ObjectNode live, String wanted) {
    if (!wanted.isEmpty() && !wanted.equals(Metadata.text(live, "resourceVersion"))) {
      throw Failures.of(Rejection.Conflict.modified(target.key("", name)));
    }
    String uid = Metadata.text(object, "uid");
    String liveUid = Metadata.text(live, "uid");
    if (!uid.isEmpty() && !uid.equals(liveUid)) {
      throw Statuses.conflict(
          target.name(),
          name,
          "Precondition failed: UID in precondition: " + uid + ", UID in object meta: " + liveUid);
    }
  }

  private Admission.Release prepare(
      ApiRequest request, Target target, Manner manner, ObjectNode object, ObjectNode live) {
    Metadata.keepServersOwn(object, live);
    steps.rules.defaults(target.stored(), object);
    steps.rules.prepareUpdate(target.stored(), object, live, manner.subresource());
    if (manner.ownership() == Creates.Ownership.UPDATED) {
      steps.ownership.updated(
          target.stored(),
          Optional.of(live),
          object,
          new FieldOwnership.Writer(manner.manager(), manner.subresource(), request.at()));
    }
    Admission.Release release =
        steps.admit(
            new Admission.Change(
                target.stored(),
                request.info().namespace(),
                object,
                Optional.of(live),
                manner.subresource(),
                request.user()));
    try {
      steps.refuse(
          target.served(),
          object,
          steps.rules.validateUpdate(target.stored(), object, live, manner.subresource()));
      steps.rules.warnings(target.stored(), object).forEach(request::warn);
      return release;
    } catch (RuntimeException e) {
      release.release();
      throw e;
    }
  }

  static JsonNode managedFields(ObjectNode object) {
    return object.path("metadata").path("managedFields");
  }
}
