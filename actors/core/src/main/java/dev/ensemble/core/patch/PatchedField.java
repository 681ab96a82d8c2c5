package dev.ensemble.core.patch;

import dev.ensemble.core.schema.Schema;
import dev.ensemble.core.schema.Schema.PatchStrategy;
import java.util.Optional;

/**
 * How a strategic merge patch treats one field.
 *
 * @param schema the shape of the field's value
 * @param mergeKey of a list of objects; empty for lists of scalars
 */
record PatchedField(String name, Schema schema, PatchStrategy strategy, Optional<String> mergeKey) {
  private static final Schema ANY = new Schema.Any();

  /**
   * The one published object field whose patch strategy is "replace"; a schema says REPLACE of all
   * fields without a strategy too, and those objects merge.
   */
  private static final String REPLACED_STRUCT = "io.k8s.api.policy.v1.PodDisruptionBudgetSpec";

  private static final String REPLACED_FIELD = "selector";

  static PatchedField of(Schema parent, String name) {
    if (parent instanceof Schema.Struct struct) {
      Optional<Schema.Field> field = struct.field(name);
      if (field.isPresent()) {
        return of(struct, field.get());
      }
      if (struct.unknown() == Schema.Unknown.PRUNED) {
        throw new PatchException(
            PatchException.Kind.UNFORESEEN,
            "unable to find api field in struct "
                + struct.name().substring(struct.name().lastIndexOf('.') + 1)
                + " for the json field \""
                + name
                + "\"");
      }
    }
    Schema value = parent instanceof Schema.MapOf map ? map.value() : ANY;
    PatchStrategy strategy =
        value instanceof Schema.ListOf ? PatchStrategy.REPLACE : PatchStrategy.MERGE;
    return new PatchedField(name, value, strategy, Optional.empty());
  }

  private static PatchedField of(Schema.Struct struct, Schema.Field field) {
    boolean object = !(field.schema() instanceof Schema.ListOf);
    boolean replaced = struct.name().equals(REPLACED_STRUCT) && field.name().equals(REPLACED_FIELD);
    PatchStrategy strategy =
        object && !replaced && field.patchStrategy() == PatchStrategy.REPLACE
            ? PatchStrategy.MERGE
            : field.patchStrategy();
    return new PatchedField(field.name(), field.schema(), strategy, field.patchMergeKey());
  }

  /** Whether an object here is replaced as a whole. */
  boolean replaced() {
    return strategy == PatchStrategy.REPLACE || schema instanceof Schema.Any;
  }

  boolean mergesLists() {
    return schema instanceof Schema.ListOf
        && (strategy == PatchStrategy.MERGE || strategy == PatchStrategy.MERGE_RETAIN_KEYS);
  }

  /** The shape of an element, if this is a list. */
  Schema element() {
    return schema instanceof Schema.ListOf list ? list.element() : ANY;
  }
}
