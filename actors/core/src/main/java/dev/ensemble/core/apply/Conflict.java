package dev.ensemble.core.apply;

import java.util.Optional;

/**
 * One field that another manager owns with another value.
 *
 * @param operation {@code Apply} or {@code Update}
 * @param subresource empty for the object itself
 * @param time when the other manager last changed its fields, as written in the object
 * @param field such as {@code .spec.template.spec.containers[name="nginx"].image}
 */
public record Conflict(
    String manager,
    String operation,
    String apiVersion,
    String subresource,
    Optional<String> time,
    String field) {

  /** The message of the Status' cause. */
  public String message() {
    return "conflict with " + holder();
  }

  /** The other manager in upstream's words; they do not tell the time. */
  String holder() {
    StringBuilder text = new StringBuilder();
    PathElement.quote(text, manager);
    if (!subresource.isEmpty()) {
      text.append(" with subresource ");
      PathElement.quote(text, subresource);
    }
    if (operation.equals(ManagedEntry.UPDATE)) {
      text.append(" using ").append(apiVersion);
    }
    return text.toString();
  }
}
