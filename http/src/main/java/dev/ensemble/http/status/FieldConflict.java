package dev.ensemble.http.status;

import java.util.List;

/**
 * A field that another manager owns with another value.
 *
 * @param manager the owner as upstream prints it, such as {@code "kubectl" using apps/v1}
 * @param field the path, such as {@code .spec.replicas}
 */
public record FieldConflict(String manager, String field) {
  static String summary(List<FieldConflict> conflicts) {
    if (conflicts.size() == 1) {
      FieldConflict only = conflicts.get(0);
      return "Apply failed with 1 conflict: conflict with " + only.manager() + ": " + only.field();
    }
    StringBuilder text =
        new StringBuilder("Apply failed with ").append(conflicts.size()).append(" conflicts:");
    String manager = null;
    for (FieldConflict conflict : conflicts) {
      if (!conflict.manager().equals(manager)) {
        manager = conflict.manager();
        text.append(" conflicts with ").append(manager).append(':');
      }
      text.append("\n- ").append(conflict.field());
    }
    return text.toString();
  }
}
