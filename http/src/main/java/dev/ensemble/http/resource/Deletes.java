package dev.ensemble.http.resource;

import akka.http.javadsl.model.HttpResponse;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ensemble.actors.store.Outcome;
import dev.ensemble.actors.view.Snapshot;
import dev.ensemble.actors.view.StoredObject;
import dev.ensemble.core.decode.DecodeOptions;
import dev.ensemble.core.decode.FieldValidation;
import dev.ensemble.core.entity.ObjectCommand;
import dev.ensemble.core.schema.ApiKind;
import dev.ensemble.core.schema.Definitions;
import dev.ensemble.core.schema.Schema;
import dev.ensemble.http.admission.Admission;
import dev.ensemble.http.read.Selection;
import dev.ensemble.http.read.Selections;
import dev.ensemble.http.read.Target;
import dev.ensemble.http.request.DeleteOptions;
import dev.ensemble.http.request.ListOptions;
import dev.ensemble.http.request.RequestInfo;
import dev.ensemble.http.server.ApiRequest;
import dev.ensemble.http.server.Json;
import dev.ensemble.http.server.Responses;
import dev.ensemble.http.status.Failures;
import dev.ensemble.http.status.Statuses;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Serves delete and deletecollection. */
final class Deletes {
  /** Kinds whose deletion is answered with the object (ReturnDeletedObject). */
  private static final Set<String> ANSWERED_WITH_OBJECT =
      Set.of(
          "pods",
          "podtemplates",
          "persistentvolumes",
          "persistentvolumeclaims",
          "resourcequotas",
          "serviceaccounts",
          "services",
          "csinodes.storage.k8s.io",
          "storageclasses.storage.k8s.io",
          "volumeattachments.storage.k8s.io");

  /** Deletions of a collection that are under way at once. */
  private static final int TOGETHER_MAX = 64;

  private static final ApiKind DELETE_OPTIONS = new ApiKind("", "v1", "DeleteOptions");
  private static final Schema.Struct DELETE_OPTIONS_SHAPE =
      Definitions.builtIn().get("io.k8s.apimachinery.pkg.apis.meta.v1.DeleteOptions");

  private final WriteSteps steps;
  private final Selections selections;

  Deletes(WriteSteps steps, Selections selections) {
    this.steps = steps;
    this.selections = selections;
  }

  CompletionStage<HttpResponse> delete(ApiRequest request, Target target) {
    RequestInfo info = request.info();
    DeleteOptions options = options(request);
    StoredObject current =
        steps
            .current(target, info.namespace(), info.name())
            .orElseThrow(() -> Statuses.notFound(target.name(), info.name()));
    return delete(request, target, current, options)
        .thenApply(outcome -> answer(request, target, outcome, options));
  }

  CompletionStage<Outcome> delete(
      ApiRequest request, Target target, StoredObject current, DeleteOptions options) {
    String name = current.key().name();
    if (target.storedName().equals(WriteSteps.NAMESPACES) && Namespaces.IMMORTAL.contains(name)) {
      throw Statuses.forbidden(target.name(), name, "this namespace may not be deleted");
    }
    checkPreconditions(target, current, options);
    if (options.dryRun()) {
      return CompletableFuture.completedFuture(new Outcome.Removed(current));
    }
    return steps.submit(
        request,
        current.key(),
        new ObjectCommand.Delete(
            options.uid(),
            options.resourceVersion().isPresent()
                ? OptionalLong.of(current.sequence())
                : OptionalLong.empty(),
            options.graceSeconds(),
            options.propagation()),
        "",
        Admission.Release.NOTHING);
  }

  CompletionStage<HttpResponse> deleteCollection(ApiRequest request, Target target) {
    DeleteOptions options = options(request);
    ListOptions list = ListOptions.of(request.query(), "list");
    Selection selection = selections.of(target, request.info(), list);
    Snapshot snapshot = target.view().snapshot();
    List<StoredObject> found = new ArrayList<>();
    for (StoredObject candidate : selection.candidates(snapshot)) {
      if (selection.matches(candidate)) {
        found.add(candidate);
      }
    }
    CompletionStage<Void> all = CompletableFuture.completedFuture(null);
    for (int from = 0; from < found.size(); from += TOGETHER_MAX) {
      List<StoredObject> part = found.subList(from, Math.min(found.size(), from + TOGETHER_MAX));
      all = all.thenCompose(done -> deleteTogether(request, target, part, options));
    }
    return all.thenApply(done -> collection(request, target, found, snapshot));
  }

  private CompletionStage<Void> deleteTogether(
      ApiRequest request, Target target, List<StoredObject> part, DeleteOptions options) {
    CompletableFuture<?>[] deletions =
        part.stream()
            .map(
                object ->
                    delete(request, target, object, options)
                        .thenAccept(Deletes::requireDone)
                        .toCompletableFuture())
            .toArray(CompletableFuture<?>[]::new);
    return CompletableFuture.allOf(deletions);
  }

  /** What has gone meanwhile needs no deletion. */
  private static void requireDone(Outcome outcome) {
    if (outcome instanceof Outcome.Rejected rejected
        && !(rejected.rejection() instanceof dev.ensemble.core.entity.Rejection.NotFound)) {
      throw Failures.of(rejected.rejection());
    }
  }

  private HttpResponse collection(
      ApiRequest request, Target target, List<StoredObject> deleted, Snapshot snapshot) {
    ObjectNode list = Json.object();
    list.put("kind", target.served().kind() + "List");
    list.put("apiVersion", target.served().apiVersion());
    list.putObject("metadata").put("resourceVersion", Long.toString(snapshot.revision()));
    ArrayNode items = list.putArray("items");
    deleted.forEach(object -> items.add(target.servedTree(object)));
    return Responses.tree(200, list, request.form(), request.query());
  }

  DeleteOptions options(ApiRequest request) {
    if (request.body().isEmpty()) {
      return DeleteOptions.of(request.query());
    }
    ObjectNode body =
        steps.bodies.read(
            request,
            DELETE_OPTIONS,
            DELETE_OPTIONS_SHAPE,
            DecodeOptions.of(FieldValidation.IGNORE));
    return DeleteOptions.of(body, request.query());
  }

  private static void checkPreconditions(
      Target target, StoredObject current, DeleteOptions options) {
    Optional<String> uid = options.uid().filter(wanted -> !wanted.equals(current.uid()));
    if (uid.isPresent()) {
      throw precondition(target, current, "UID", uid.get(), current.uid());
    }
    String revision = Long.toString(current.revision());
    Optional<String> other = options.resourceVersion().filter(wanted -> !wanted.equals(revision));
    if (other.isPresent()) {
      throw precondition(target, current, "ResourceVersion", other.get(), revision);
    }
  }

  private static RuntimeException precondition(
      Target target, StoredObject current, String what, String wanted, String found) {
    return Statuses.conflict(
        target.name(),
        current.key().name(),
        "Precondition failed: "
            + what
            + " in precondition: "
            + wanted
            + ", "
            + what
            + " in object meta: "
            + found);
  }

  private HttpResponse answer(
      ApiRequest request, Target target, Outcome outcome, DeleteOptions options) {
    if (outcome instanceof Outcome.Removed gone
        && !ANSWERED_WITH_OBJECT.contains(target.storedName().toString())) {
      return Responses.tree(
          200,
          Statuses.deleted(target.name(), gone.last().key().name(), gone.last().uid()),
          request.form(),
          request.query());
    }
    boolean waits = options.cascades() && !(outcome instanceof Outcome.Removed);
    return steps.answer(request, waits ? 202 : 200, target, outcome);
  }
}
