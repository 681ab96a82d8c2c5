package dev.ensemble.core.apply;

/** What becomes of fields that others own and the applied object changes. */
public enum ConflictPolicy {
  /** Nothing is applied; the conflicts are the answer. */
  REFUSE,
  /** The applier takes the fields ({@code force=true}). */
  FORCE
}
