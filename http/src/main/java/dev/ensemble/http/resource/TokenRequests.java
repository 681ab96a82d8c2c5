package dev.ensemble.http.resource;

import akka.http.javadsl.model.HttpResponse;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ensemble.actors.view.StoredObject;
import dev.ensemble.core.decode.DecodeOptions;
import dev.ensemble.core.decode.FieldValidation;
import dev.ensemble.core.object.ResourceName;
import dev.ensemble.core.schema.ApiKind;
import dev.ensemble.core.schema.Definitions;
import dev.ensemble.core.schema.Schema;
import dev.ensemble.core.validation.FieldError;
import dev.ensemble.http.auth.Authenticator;
import dev.ensemble.http.auth.ServiceAccountTokens;
import dev.ensemble.http.read.Target;
import dev.ensemble.http.read.Views;
import dev.ensemble.http.server.ApiRequest;
import dev.ensemble.http.server.Responses;
import dev.ensemble.http.status.StatusException;
import dev.ensemble.http.status.Statuses;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Serves serviceaccounts/NAME/token: a token for an account, maybe bound to a pod, secret or node.
 */
public final class TokenRequests {
  private static final ApiKind KIND = new ApiKind("authentication.k8s.io", "v1", "TokenRequest");
  private static final Schema.Struct SHAPE =
      Definitions.builtIn().get("io.k8s.api.authentication.v1.TokenRequest");
  private static final ResourceName PODS = ResourceName.parse("pods");

  private static final long SECONDS_DEFAULT = 3600;

  /** Upstream's bounds. */
  private static final long SECONDS_MIN = 600;

  private static final long SECONDS_MAX = 1L << 32;

  private final Bodies bodies;
  private final Views views;
  private final ServiceAccountTokens tokens;

  public TokenRequests(Bodies bodies, Views views, ServiceAccountTokens tokens) {
    this.bodies = bodies;
    this.views = views;
    this.tokens = tokens;
  }

  CompletionStage<HttpResponse> create(ApiRequest request, Target accounts) {
    String namespace = request.info().namespace();
    String name = request.info().name();
    StoredObject account =
        accounts
            .view()
            .snapshot()
            .get(namespace, name)
            .orElseThrow(() -> Statuses.notFound(accounts.name(), name));
    ObjectNode wanted = bodies.read(request, KIND, SHAPE, DecodeOptions.of(FieldValidation.IGNORE));
    requireOfPath(wanted, "name", name);
    requireOfPath(wanted, "namespace", namespace);
    ObjectNode spec = wanted.withObject("/spec");
    long seconds = seconds(spec);
    List<String> audiences = audiences(spec);
    Optional<ServiceAccountTokens.Bound> bound = bound(request, account, spec);
    String token =
        tokens.issue(
            new ServiceAccountTokens.Grant(account, audiences, bound, Duration.ofSeconds(seconds)));
    ObjectNode metadata = wanted.putObject("metadata");
    metadata.put("name", name);
    metadata.put("namespace", namespace);
    metadata.put("creationTimestamp", request.at().truncatedTo(ChronoUnit.SECONDS).toString());
    ObjectNode status = wanted.putObject("status");
    status.put("token", token);
    status.put(
        "expirationTimestamp",
        request.at().plusSeconds(seconds).truncatedTo(ChronoUnit.SECONDS).toString());
    return CompletableFuture.completedFuture(
        Responses.tree(201, wanted, request.form(), request.query()));
  }

  private static void requireOfPath(ObjectNode body, String field, String expected) {
    String given = Metadata.text(body, field);
    if (!given.isEmpty() && !given.equals(expected)) {
      throw Statuses.badRequest(
          "the " + field + " of the provided object does not match that sent on the request");
    }
  }

  private static long seconds(ObjectNode spec) {
    long seconds = spec.path("expirationSeconds").asLong(SECONDS_DEFAULT);
    String fault =
        seconds < SECONDS_MIN
            ? "may not specify a duration less than 10 minutes"
            : seconds > SECONDS_MAX ? "may not specify a duration larger than 2^32 seconds" : "";
    if (!fault.isEmpty()) {
      throw Statuses.invalid(
          KIND.group(),
          KIND.kind(),
          "",
          List.of(FieldError.invalid("spec.expirationSeconds", LongNode.valueOf(seconds), fault)));
    }
    spec.put("expirationSeconds", seconds);
    return seconds;
  }

  private static List<String> audiences(ObjectNode spec) {
    List<String> audiences = new ArrayList<>();
    spec.path("audiences").forEach(audience -> audiences.add(audience.asText()));
    if (audiences.isEmpty()) {
      ArrayNode list = spec.putArray("audiences");
      list.add(Authenticator.Tokens.AUDIENCE);
      audiences.add(Authenticator.Tokens.AUDIENCE);
    }
    return audiences;
  }

  private Optional<ServiceAccountTokens.Bound> bound(
      ApiRequest request, StoredObject account, ObjectNode spec) {
    JsonNode reference = spec.path("boundObjectRef");
    boolean none = !reference.isObject() || reference.isEmpty();
    String node = request.user().master() ? "" : request.user().node();
    if (!node.isEmpty()) {
      requireOwnPod(node, account, reference);
    }
    if (none) {
      return Optional.empty();
    }
    String kind = reference.path("apiVersion").asText("") + "/" + reference.path("kind").asText("");
    String resource =
        switch (kind) {
          case "v1/Pod" -> "pods";
          case "v1/Secret" -> "secrets";
          case "v1/Node" -> "nodes";
          default -> throw Statuses.badRequest("cannot bind token to object of type " + kind);
        };
    String namespace = resource.equals("nodes") ? "" : account.key().namespace();
    String name = reference.path("name").asText("");
    ResourceName found = ResourceName.parse(resource);
    StoredObject object =
        views.find(found, namespace, name).orElseThrow(() -> Statuses.notFound(found, name));
    String uid = reference.path("uid").asText("");
    if (!uid.isEmpty() && !uid.equals(object.uid())) {
      throw Statuses.conflict(
          found,
          name,
          "the UID in the bound object reference ("
              + uid
              + ") does not match the UID in record. The object might have been deleted and then"
              + " recreated");
    }
    return Optional.of(
        new ServiceAccountTokens.Bound(
            resource.substring(0, resource.length() - 1),
            name,
            object.uid(),
            found.equals(PODS) ? nodeOf(account, object) : Optional.empty()));
  }

  private Optional<ServiceAccountTokens.Bound> nodeOf(StoredObject account, StoredObject pod) {
    JsonNode spec = pod.tree().path("spec");
    if (!spec.path("serviceAccountName").asText("default").equals(account.key().name())) {
      throw Statuses.badRequest(
          "cannot bind token for serviceaccount \""
              + account.key().name()
              + "\" to pod running with different serviceaccount name.");
    }
    return views
        .find(ResourceName.parse("nodes"), "", spec.path("nodeName").asText(""))
        .map(
            node ->
                new ServiceAccountTokens.Bound(
                    "node", node.key().name(), node.uid(), Optional.empty()));
  }

  /** A node gets tokens only for the pods that it runs (NodeRestriction). */
  private void requireOwnPod(String node, StoredObject account, JsonNode reference) {
    if (!reference.path("kind").asText().equals("Pod")
        || !reference.path("apiVersion").asText().equals("v1")) {
      throw refusal(account, "node requested token not bound to a pod");
    }
    if (reference.path("uid").asText("").isEmpty()) {
      throw refusal(account, "node requested token with a pod binding without a uid");
    }
    boolean own =
        views
            .find(PODS, account.key().namespace(), reference.path("name").asText(""))
            .filter(pod -> pod.tree().path("spec").path("nodeName").asText("").equals(node))
            .isPresent();
    if (!own) {
      throw refusal(account, "node requested token bound to a pod scheduled on a different node");
    }
  }

  private static StatusException refusal(StoredObject account, String why) {
    return Statuses.forbidden(account.key().resource(), account.key().name(), why);
  }
}
