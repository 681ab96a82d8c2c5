package dev.ensemble.http.request;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.ensemble.core.entity.ObjectCommand.Propagation;
import dev.ensemble.core.validation.FieldError;
import dev.ensemble.http.status.Statuses;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * meta/v1 DeleteOptions, from the body or, without one, from the query.
 *
 * @param cascades whether the client spelled out that dependents go too and waits for them: then,
 *     as upstream, it is told by a 202 that the object is not gone yet
 */
public record DeleteOptions(
    boolean dryRun,
    OptionalLong graceSeconds,
    Optional<String> uid,
    Optional<String> resourceVersion,
    Propagation propagation,
    boolean cascades) {

  public static DeleteOptions of(Query query) {
    List<FieldError> errors = new ArrayList<>();
    boolean dryRun = WriteOptions.dryRun(query.all("dryRun"), errors);
    Propagation propagation =
        propagation(
            query.flag("orphanDependents"), optional(query.get("propagationPolicy")), errors);
    refuse(errors);
    return new DeleteOptions(
        dryRun,
        atLeastZero(query.number("gracePeriodSeconds")),
        Optional.empty(),
        Optional.empty(),
        propagation,
        cascades(query.flag("orphanDependents"), propagation));
  }

  /** Reads a decoded body; {@code dryRun} in the query counts too. */
  public static DeleteOptions of(JsonNode body, Query query) {
    String kind = body.path("kind").asText("");
    if (!kind.isEmpty() && !kind.equals("DeleteOptions")) {
      throw Statuses.badRequest("the body of a deletion must be DeleteOptions, not " + kind);
    }
    List<FieldError> errors = new ArrayList<>();
    List<String> dryRuns = new ArrayList<>(query.all("dryRun"));
    body.path("dryRun").forEach(value -> dryRuns.add(value.asText()));
    boolean dryRun = WriteOptions.dryRun(dryRuns, errors);
    Optional<Boolean> orphan =
        body.hasNonNull("orphanDependents")
            ? Optional.of(body.get("orphanDependents").asBoolean())
            : Optional.empty();
    Propagation propagation =
        propagation(orphan, optional(body.path("propagationPolicy").asText("")), errors);
    refuse(errors);
    OptionalLong grace =
        body.hasNonNull("gracePeriodSeconds")
            ? OptionalLong.of(body.get("gracePeriodSeconds").asLong())
            : query.number("gracePeriodSeconds");
    JsonNode preconditions = body.path("preconditions");
    return new DeleteOptions(
        dryRun,
        atLeastZero(grace),
        optional(preconditions.path("uid").asText("")),
        optional(preconditions.path("resourceVersion").asText("")),
        propagation,
        cascades(orphan, propagation));
  }

  private static boolean cascades(Optional<Boolean> orphan, Propagation propagation) {
    return propagation == Propagation.FOREGROUND || (orphan.isPresent() && !orphan.get());
  }

  private static Propagation propagation(
      Optional<Boolean> orphan, Optional<String> policy, List<FieldError> errors) {
    if (orphan.isPresent() && policy.isPresent()) {
      errors.add(
          FieldError.invalid(
              "propagationPolicy",
              TextNode.valueOf(policy.get()),
              "orphanDependents and deletionPropagation cannot be both set"));
    }
    if (orphan.isPresent()) {
      return orphan.get() ? Propagation.ORPHAN : Propagation.BACKGROUND;
    }
    return switch (policy.orElse("")) {
      case "" -> Propagation.DEFAULT;
      case "Orphan" -> Propagation.ORPHAN;
      case "Background" -> Propagation.BACKGROUND;
      case "Foreground" -> Propagation.FOREGROUND;
      default -> {
        errors.add(
            new FieldError(
                FieldError.Type.NOT_SUPPORTED,
                "propagationPolicy",
                policy.map(TextNode::valueOf),
                "supported values: \"Foreground\", \"Background\", \"Orphan\", \"nil\""));
        yield Propagation.DEFAULT;
      }
    };
  }

  /** A negative period means one second, as upstream reads it. */
  private static OptionalLong atLeastZero(OptionalLong seconds) {
    return seconds.isPresent() && seconds.getAsLong() < 0 ? OptionalLong.of(1) : seconds;
  }

  private static Optional<String> optional(String text) {
    return text.isEmpty() ? Optional.empty() : Optional.of(text);
  }

  private static void refuse(List<FieldError> errors) {
    if (!errors.isEmpty()) {
      throw Statuses.invalid("", "DeleteOptions", "", errors);
    }
  }
}
