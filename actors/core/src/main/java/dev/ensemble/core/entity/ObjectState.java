package dev.ensemble.core.entity;

import com.fasterxml.jackson.databind.node.ObjectNode;

/** The state of one name: nothing there, an object, or an object that is being deleted. */
public sealed interface ObjectState {
  /** No object has this name now; there may have been one before. */
  record Absent() implements ObjectState {}

  /** An object lives. {@code object} has no resourceVersion and must not be changed. */
  record Present(ObjectNode object) implements ObjectState {}

  /** Deletion was asked for ({@code metadata.deletionTimestamp} is set) and has not ended. */
  record Terminating(ObjectNode object) implements ObjectState {}
}
