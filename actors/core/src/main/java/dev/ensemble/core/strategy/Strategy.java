package dev.ensemble.core.strategy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/**
 * The silent part of a kind's behaviour. Objects are changed in place; the old object never is, and
 * parts of it are copied, not shared.
 */
public interface Strategy {

  /** Drops what a client may not set when it creates. Run after defaulting, before validation. */
  void prepareForCreate(ObjectNode object);

  /** Keeps what a write to the object itself may not change, above all the status. */
  void prepareForUpdate(ObjectNode object, ObjectNode old);

  /** Keeps all but the status and harmless metadata. */
  void prepareForStatusUpdate(ObjectNode object, ObjectNode old);

  /** Whether PUT of an object that does not exist creates it. */
  default CreateOnUpdate createOnUpdate() {
    return CreateOnUpdate.REFUSED;
  }

  /** Whether an update may come without a resourceVersion. */
  default UnconditionalUpdate unconditionalUpdate() {
    return UnconditionalUpdate.ALLOWED;
  }

  /** Sentences for Warning headers about an object that is otherwise fine. */
  default List<String> warnings(ObjectNode object) {
    return List.of();
  }

  enum CreateOnUpdate {
    ALLOWED,
    REFUSED
  }

  enum UnconditionalUpdate {
    ALLOWED,
    REFUSED
  }
}
