package dev.ensemble.core.apply;

import dev.ensemble.core.schema.Schema;
import java.util.Set;

/**
 * What of a kind is tracked at one endpoint.
 *
 * @param resetFields fields of the root that writes to this endpoint cannot change, so that their
 *     writers do not come to own them: {@code status} for the object itself if the kind has that
 *     subresource, {@code spec} for {@code /status}
 */
public record Tracking(Schema.Struct schema, Set<String> resetFields) {
  public Tracking {
    resetFields = Set.copyOf(resetFields);
  }

  /** As most built-in kinds have it; custom kinds without the status subresource reset nothing. */
  public static Tracking of(Schema.Struct schema, FieldOwner owner) {
    return switch (owner.subresource()) {
      case "" -> new Tracking(schema, Set.of("status"));
      case "status" -> new Tracking(schema, Set.of("spec"));
      default -> new Tracking(schema, Set.of());
    };
  }
}
