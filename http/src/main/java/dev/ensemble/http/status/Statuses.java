package dev.ensemble.http.status;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ensemble.core.apply.Conflict;
import dev.ensemble.core.object.ResourceName;
import dev.ensemble.core.validation.FieldError;
import java.time.Duration;
import java.util.List;

/** Makes failures with apimachinery's codes, reasons, messages and details (api/errors). */
public final class Statuses {
  private Statuses() {}

  public static StatusException notFound(ResourceName resource, String name) {
    return named(404, "NotFound", resource + " \"" + name + "\" not found", resource, name);
  }

  public static StatusException alreadyExists(ResourceName resource, String name) {
    return named(
        409, "AlreadyExists", resource + " \"" + name + "\" already exists", resource, name);
  }

  public static StatusException conflict(ResourceName resource, String name, String why) {
    return named(
        409,
        "Conflict",
        "Operation cannot be fulfilled on " + resource + " \"" + name + "\": " + why,
        resource,
        name);
  }

  /** The name may be empty: a whole collection, or an object that has none yet. */
  public static StatusException forbidden(ResourceName resource, String name, String why) {
    String what =
        name.isEmpty()
            ? resource + " is forbidden: " + why
            : resource + " \"" + name + "\" is forbidden: " + why;
    return named(403, "Forbidden", what, resource, name);
  }

  public static StatusException forbiddenPath(String user, String verb, String path) {
    return plain(
        403,
        "Forbidden",
        "forbidden: User \"" + user + "\" cannot " + verb + " path \"" + path + "\"");
  }

  public static StatusException invalid(
      String group, String kind, String name, List<FieldError> errors) {
    ResourceName qualified = new ResourceName(group, kind);
    String list =
        errors.size() == 1
            ? errors.get(0).toString()
            : "[" + String.join(", ", errors.stream().map(FieldError::toString).toList()) + "]";
    ObjectNode status = status(422, "Invalid", qualified + " \"" + name + "\" is invalid: " + list);
    ObjectNode details = details(status, qualified, name);
    ArrayNode causes = details.putArray("causes");
    for (FieldError error : errors) {
      ObjectNode cause = causes.addObject();
      cause.put("reason", error.type().reason());
      cause.put("message", error.message());
      cause.put("field", error.field());
    }
    return new StatusException(status);
  }

  public static StatusException badRequest(String why) {
    return plain(400, "BadRequest", why);
  }

  public static StatusException unauthorized() {
    return plain(401, "Unauthorized", "Unauthorized");
  }

  public static StatusException methodNotAllowed() {
    return plain(
        405, "MethodNotAllowed", "the server does not allow this method on the requested resource");
  }

  public static StatusException notAcceptable(List<String> supported) {
    return plain(
        406,
        "NotAcceptable",
        "only the following media types are accepted: " + String.join(", ", supported));
  }

  public static StatusException unsupportedMediaType(List<String> supported) {
    return plain(
        415,
        "UnsupportedMediaType",
        "the body of the request was in an unknown format - accepted media types include: "
            + String.join(", ", supported));
  }

  public static StatusException tooLarge(long limitBytes) {
    return plain(413, "RequestEntityTooLarge", "Request entity too large: limit is " + limitBytes);
  }

  /** 413 for a JSON patch of too many operations. */
  public static StatusException tooManyOperations(String why) {
    return plain(413, "RequestEntityTooLarge", why);
  }

  /** 422 for a patch that does not fit its object: there is no field to name. */
  public static StatusException unprocessable(String why) {
    return plain(
        422, "Invalid", "the server rejected our request due to an error in our request: " + why);
  }

  public static StatusException expired(String why) {
    return plain(410, "Expired", why);
  }

  /** 410 with a token to go on from, at the price of consistency. */
  public static StatusException continueExpired(String freshToken) {
    ObjectNode status =
        status(
            410,
            "Expired",
            "The provided continue parameter is too old to display a consistent list result."
                + " List again without it, or go on with the token in this answer, which shows"
                + " the remainder as it is now.");
    status.withObject("/metadata").put("continue", freshToken);
    return new StatusException(status);
  }

  public static StatusException tooManyRequests(String why, Duration retryAfter) {
    ObjectNode status = status(429, "TooManyRequests", why);
    retryAfter(status, retryAfter);
    return new StatusException(status);
  }

  /** 507: no room for more objects. Not 429, which clients repeat by themselves. */
  public static StatusException insufficientStorage(String why) {
    return plain(507, "InsufficientStorage", why);
  }

  /** 504: the outcome could not be learned in time. */
  public static StatusException timeout(String why) {
    return plain(504, "Timeout", "Timeout: " + why);
  }

  /** 504 with the cause that tells clients to wait for this server to catch up. */
  public static StatusException resourceVersionTooLarge(long wanted, long current) {
    ObjectNode status =
        status(
            504,
            "Timeout",
            "Timeout: Too large resource version: " + wanted + ", current: " + current);
    ObjectNode cause = retryAfter(status, Duration.ofSeconds(1)).putArray("causes").addObject();
    cause.put("reason", "ResourceVersionTooLarge");
    cause.put("message", "Too large resource version");
    return new StatusException(status);
  }

  public static StatusException unavailable(String why) {
    return plain(503, "ServiceUnavailable", why);
  }

  public static StatusException internal(String why) {
    ObjectNode status = status(500, "InternalError", "Internal error occurred: " + why);
    status.putObject("details").putArray("causes").addObject().put("message", why);
    return new StatusException(status);
  }

  /** 409 of server-side apply: which manager owns which field. */
  public static StatusException applyConflict(String message, List<Conflict> conflicts) {
    ObjectNode status = status(409, "Conflict", message);
    ArrayNode causes = status.putObject("details").putArray("causes");
    for (Conflict conflict : conflicts) {
      ObjectNode cause = causes.addObject();
      cause.put("reason", "FieldManagerConflict");
      cause.put("message", conflict.message());
      cause.put("field", conflict.field());
    }
    return new StatusException(status);
  }

  /** What a node's agent answers instead of opening a stream. */
  public static StatusException ofAgent(int code, String why) {
    return switch (code) {
      case 400 -> badRequest(why);
      case 404 -> plain(404, "NotFound", why);
      case 503 -> unavailable(why);
      default -> internal(why);
    };
  }

  /** Adds one cause to a failure that names an object. */
  public static StatusException withCause(
      StatusException failure, String reason, String message, String field) {
    ObjectNode status = failure.status();
    ObjectNode details =
        status.get("details") instanceof ObjectNode known ? known : status.putObject("details");
    ObjectNode cause = details.withArray("/causes").addObject();
    cause.put("reason", reason);
    cause.put("message", message);
    if (!field.isEmpty()) {
      cause.put("field", field);
    }
    return new StatusException(status);
  }

  /** The answer to a deletion that is done: Success, with what was deleted. */
  public static ObjectNode deleted(ResourceName resource, String name, String uid) {
    ObjectNode status = head("Success");
    ObjectNode details = status.putObject("details");
    if (!name.isEmpty()) {
      details.put("name", name);
    }
    if (!resource.group().isEmpty()) {
      details.put("group", resource.group());
    }
    details.put("kind", resource.plural());
    if (!uid.isEmpty()) {
      details.put("uid", uid);
    }
    return status;
  }

  /** Success with a code and no details. */
  public static ObjectNode success(int code) {
    ObjectNode status = head("Success");
    status.put("code", code);
    return status;
  }

  private static StatusException named(
      int code, String reason, String message, ResourceName resource, String name) {
    ObjectNode status = status(code, reason, message);
    details(status, resource, name);
    return new StatusException(status);
  }

  private static StatusException plain(int code, String reason, String message) {
    return new StatusException(status(code, reason, message));
  }

  private static ObjectNode details(ObjectNode status, ResourceName what, String name) {
    int code = status.path("code").asInt();
    status.remove("code");
    ObjectNode details = status.putObject("details");
    if (!name.isEmpty()) {
      details.put("name", name);
    }
    if (!what.group().isEmpty()) {
      details.put("group", what.group());
    }
    details.put("kind", what.plural());
    status.put("code", code);
    return details;
  }

  private static ObjectNode retryAfter(ObjectNode status, Duration retryAfter) {
    ObjectNode details = status.putObject("details");
    details.put("retryAfterSeconds", Math.max(1, retryAfter.toSeconds()));
    return details;
  }

  private static ObjectNode status(int code, String reason, String message) {
    ObjectNode status = head("Failure");
    status.put("message", message);
    status.put("reason", reason);
    status.put("code", code);
    return status;
  }

  private static ObjectNode head(String outcome) {
    ObjectNode status = JsonNodeFactory.instance.objectNode();
    status.put("kind", "Status");
    status.put("apiVersion", "v1");
    status.putObject("metadata");
    status.put("status", outcome);
    return status;
  }
}
