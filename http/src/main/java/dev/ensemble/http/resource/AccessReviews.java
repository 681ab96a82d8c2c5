package dev.ensemble.http.resource;

import akka.http.javadsl.model.HttpResponse;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ensemble.core.decode.DecodeOptions;
import dev.ensemble.core.decode.FieldValidation;
import dev.ensemble.core.resource.VirtualResource;
import dev.ensemble.http.auth.Attributes;
import dev.ensemble.http.auth.Authenticator;
import dev.ensemble.http.auth.Authorizer;
import dev.ensemble.http.auth.User;
import dev.ensemble.http.server.ApiRequest;
import dev.ensemble.http.server.Json;
import dev.ensemble.http.server.Responses;
import dev.ensemble.http.status.Statuses;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Answers authorization.k8s.io's and authentication.k8s.io's reviews from the authorizer. */
public final class AccessReviews implements VirtualResources {
  private final Bodies bodies;
  private final Authorizer authorizer;
  private final Authenticator.Tokens tokens;

  public AccessReviews(Bodies bodies, Authorizer authorizer, Authenticator.Tokens tokens) {
    this.bodies = bodies;
    this.authorizer = authorizer;
    this.tokens = tokens;
  }

  @Override
  public CompletionStage<HttpResponse> create(ApiRequest request, VirtualResource resource) {
    if (!resource.kind().group().equals("authorization.k8s.io")
        && !resource.kind().group().equals("authentication.k8s.io")) {
      return CompletableFuture.completedFuture(Responses.pageNotFound());
    }
    ObjectNode review =
        bodies.read(
            request, resource.kind(), resource.schema(), DecodeOptions.of(FieldValidation.IGNORE));
    JsonNode spec = review.path("spec");
    ObjectNode status =
        switch (resource.kind().kind()) {
          case "SelfSubjectAccessReview" -> access(request.user(), spec, Optional.empty());
          case "SubjectAccessReview" -> access(subject(spec), spec, Optional.empty());
          case "LocalSubjectAccessReview" ->
              access(subject(spec), spec, Optional.of(request.info().namespace()));
          case "SelfSubjectRulesReview" -> rules(request.user(), spec);
          case "SelfSubjectReview" -> Json.object().set("userInfo", userInfo(request.user()));
          case "TokenReview" -> token(spec);
          default -> throw Statuses.methodNotAllowed();
        };
    review.withObject("/metadata").putNull("creationTimestamp");
    review.set("status", status);
    return CompletableFuture.completedFuture(
        Responses.tree(201, review, request.form(), request.query()));
  }

  private ObjectNode access(User user, JsonNode spec, Optional<String> onlyNamespace) {
    JsonNode resource = spec.path("resourceAttributes");
    JsonNode path = spec.path("nonResourceAttributes");
    if (resource.isObject() == path.isObject()) {
      throw Statuses.badRequest(
          "exactly one of nonResourceAttributes or resourceAttributes must be specified");
    }
    if (onlyNamespace.isPresent()
        && !onlyNamespace.get().equals(resource.path("namespace").asText())) {
      throw Statuses.badRequest(
          "spec.resourceAttributes.namespace must match the namespace of the review");
    }
    Attributes what =
        path.isObject()
            ? Attributes.ofPath(path.path("verb").asText(""), path.path("path").asText("/"))
            : new Attributes(
                resource.path("verb").asText(""),
                resource.path("group").asText(""),
                resource.path("version").asText(""),
                resource.path("resource").asText(""),
                resource.path("subresource").asText(""),
                resource.path("namespace").asText(""),
                resource.path("name").asText(""),
                "",
                "");
    Authorizer.Verdict verdict = authorizer.authorize(user, what);
    ObjectNode status = Json.object();
    status.put("allowed", verdict.allowed());
    if (!verdict.reason().isEmpty()) {
      status.put("reason", verdict.reason());
    }
    return status;
  }

  private ObjectNode rules(User user, JsonNode spec) {
    ObjectNode status = Json.object();
    ArrayNode resources = status.putArray("resourceRules");
    ArrayNode paths = status.putArray("nonResourceRules");
    for (Authorizer.Rule rule : authorizer.rules(user, spec.path("namespace").asText(""))) {
      if (rule.paths().isEmpty()) {
        ObjectNode entry = resources.addObject();
        put(entry, "verbs", rule.verbs());
        put(entry, "apiGroups", rule.groups());
        put(entry, "resources", rule.resources());
        if (!rule.names().isEmpty()) {
          put(entry, "resourceNames", rule.names());
        }
      } else {
        ObjectNode entry = paths.addObject();
        put(entry, "verbs", rule.verbs());
        put(entry, "nonResourceURLs", rule.paths());
      }
    }
    status.put("incomplete", false);
    return status;
  }

  private ObjectNode token(JsonNode spec) {
    List<String> wanted = new ArrayList<>();
    spec.path("audiences").forEach(audience -> wanted.add(audience.asText()));
    if (wanted.isEmpty()) {
      wanted.add(Authenticator.Tokens.AUDIENCE);
    }
    ObjectNode status = Json.object();
    Optional<Authenticator.Tokens.Identity> known = tokens.identify(spec.path("token").asText(""));
    known.ifPresent(identity -> wanted.retainAll(identity.audiences()));
    if (known.isEmpty()) {
      status.put("error", "the token is not known here");
    } else if (wanted.isEmpty()) {
      status.put("error", "the token is for other audiences");
    } else {
      status.put("authenticated", true);
      status.set("user", userInfo(known.get().user()));
      put(status, "audiences", wanted);
    }
    return status;
  }

  private static User subject(JsonNode spec) {
    List<String> groups = new ArrayList<>();
    spec.path("groups").forEach(group -> groups.add(group.asText()));
    if (spec.path("user").asText("").isEmpty() && groups.isEmpty()) {
      throw Statuses.badRequest("at least one of user or group must be specified");
    }
    Map<String, List<String>> extra = new LinkedHashMap<>();
    spec.path("extra")
        .fields()
        .forEachRemaining(
            field -> {
              List<String> values = new ArrayList<>();
              field.getValue().forEach(value -> values.add(value.asText()));
              extra.put(field.getKey(), values);
            });
    return new User(spec.path("user").asText(""), spec.path("uid").asText(""), groups, extra);
  }

  private static ObjectNode userInfo(User user) {
    ObjectNode info = Json.object();
    info.put("username", user.name());
    if (!user.uid().isEmpty()) {
      info.put("uid", user.uid());
    }
    put(info, "groups", user.groups());
    if (!user.extra().isEmpty()) {
      ObjectNode extra = info.putObject("extra");
      user.extra().forEach((key, values) -> put(extra, key, values));
    }
    return info;
  }

  private static void put(ObjectNode object, String field, List<String> values) {
    ArrayNode array = object.putArray(field);
    values.forEach(array::add);
  }
}
