package dev.ensemble.http.resource;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ensemble.core.resource.ResourceType;
import dev.ensemble.core.validation.FieldError;
import java.util.List;

/** The rules of kinds that a write goes through, all pure. Objects are in the stored version. */
public interface ObjectRules {
  void defaults(ResourceType type, ObjectNode object);

  /** Brings a new object into the state in which it begins (PrepareForCreate). */
  void prepareCreate(ResourceType type, ObjectNode object);

  /**
   * Keeps what this write may not touch as it was and raises the generation when it must
   * (PrepareForUpdate).
   */
  void prepareUpdate(ResourceType type, ObjectNode object, ObjectNode old, String subresource);

  List<FieldError> validateCreate(ResourceType type, ObjectNode object);

  List<FieldError> validateUpdate(
      ResourceType type, ObjectNode object, ObjectNode old, String subresource);

  /** Texts of Warning headers for an object that is about to be stored. */
  List<String> warnings(ResourceType type, ObjectNode object);
}
