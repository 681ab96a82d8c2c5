package dev.ensemble.http.resource;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ensemble.core.defaults.Defaults;
import dev.ensemble.core.resource.ResourceType;
import dev.ensemble.core.strategy.Strategies;
import dev.ensemble.core.strategy.Strategy;
import dev.ensemble.core.validation.FieldError;
import dev.ensemble.core.validation.Validation;
import dev.ensemble.http.status.Statuses;
import java.util.List;

/** The rules of the built-in kinds, from core. */
public final class CoreRules implements ObjectRules {
  @Override
  public void defaults(ResourceType type, ObjectNode object) {
    Defaults.of(type.name()).apply(object);
  }

  @Override
  public void prepareCreate(ResourceType type, ObjectNode object) {
    Strategies.of(type.name()).prepareForCreate(object);
  }

  @Override
  public void prepareUpdate(
      ResourceType type, ObjectNode object, ObjectNode old, String subresource) {
    Strategy strategy = Strategies.of(type.name());
    switch (subresource) {
      case "", "scale" -> strategy.prepareForUpdate(object, old);
      case "status" -> strategy.prepareForStatusUpdate(object, old);
      case "finalize" -> Strategies.prepareForFinalize(object, old);
      case "ephemeralcontainers" -> Strategies.prepareForEphemeralContainers(object, old);
      default -> throw Statuses.methodNotAllowed();
    }
  }

  @Override
  public List<FieldError> validateCreate(ResourceType type, ObjectNode object) {
    return Validation.of(type.name()).create(object);
  }

  @Override
  public List<FieldError> validateUpdate(
      ResourceType type, ObjectNode object, ObjectNode old, String subresource) {
    Validation rules = Validation.of(type.name());
    return switch (subresource) {
      case "status" -> rules.status(object, old);
      case "finalize" -> Validation.finalizeNamespace(object, old);
      case "ephemeralcontainers" -> Validation.ephemeralContainers(object, old);
      default -> rules.update(object, old);
    };
  }

  @Override
  public List<String> warnings(ResourceType type, ObjectNode object) {
    return Strategies.of(type.name()).warnings(object);
  }
}
