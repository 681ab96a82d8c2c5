package dev.ensemble.core.apply;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.TreeMap;

/** What came of an apply. */
public sealed interface ApplyResult {

  /** The merged object with its managedFields; it shares no node with the live object. */
  record Applied(ObjectNode object) implements ApplyResult {}

  /** Others own fields that would change: 409 Conflict, a cause FieldManagerConflict for each. */
  record Conflicted(List<Conflict> conflicts) implements ApplyResult {
    public Conflicted {
      conflicts = List.copyOf(conflicts);
    }

    /** The message of the Status. */
    public String message() {
      if (conflicts.size() == 1) {
        Conflict only = conflicts.get(0);
        return "Apply failed with 1 conflict: " + only.message() + ": " + only.field();
      }
      TreeMap<String, StringBuilder> byHolder = new TreeMap<>();
      for (Conflict conflict : conflicts) {
        byHolder
            .computeIfAbsent(conflict.holder(), holder -> new StringBuilder())
            .append("\n- ")
            .append(conflict.field());
      }
      StringBuilder text = new StringBuilder();
      byHolder.forEach(
          (holder, fields) ->
              text.append(text.length() == 0 ? "" : "\n")
                  .append("conflicts with ")
                  .append(holder)
                  .append(":")
                  .append(fields));
      return "Apply failed with " + conflicts.size() + " conflicts: " + text;
    }
  }

  /** The applied object cannot be applied. */
  record Invalid(Kind kind, String message) implements ApplyResult {}

  /** How an applied object is wrong, and the status code that upstream answers with. */
  enum Kind {
    /** 400 BadRequest: managedFields given, or the wrong apiVersion. */
    BAD_REQUEST,
    /**
     * Does not fit the schema (unknown field, duplicate or missing list keys): upstream answers 500
     * InternalError "failed to create typed patch object", unless strict decoding found it first.
     */
    UNTYPED
  }
}
