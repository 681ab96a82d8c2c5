package dev.ensemble.core.strategy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ensemble.core.json.JsonEquality;
import dev.ensemble.core.object.Fields;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;

/** A strategy put together from the ways in which kinds differ. */
final class KindStrategy implements Strategy {
  private final Status status;
  private final Generation generation;
  private final CreateOnUpdate createOnUpdate;
  private final UnconditionalUpdate unconditionalUpdate;
  private final Consumer<ObjectNode> onCreate;
  private final BiConsumer<ObjectNode, JsonNode> onUpdate;
  private final BiConsumer<ObjectNode, JsonNode> onStatus;
  private final Function<ObjectNode, List<String>> warnings;

  /** What becomes of {@code status} when the object itself is written. */
  enum Status {
    /** There is none. */
    NONE,
    /** Dropped on create, kept from the stored object on update. */
    SEPARATE,
    /** Taken on create, as kubelets register nodes with one; kept on update. */
    SEPARATE_BUT_ON_CREATE,
    /** An ordinary field: custom resources without the subresource. */
    PART
  }

  /** When {@code metadata.generation} grows. */
  enum Generation {
    NEVER,
    ON_SPEC,
    ON_SPEC_OR_ANNOTATIONS,
    ON_ALL_BUT_METADATA
  }

  private KindStrategy(Builder builder) {
    this.status = builder.status;
    this.generation = builder.generation;
    this.createOnUpdate = builder.createOnUpdate;
    this.unconditionalUpdate = builder.unconditionalUpdate;
    this.onCreate = builder.onCreate;
    this.onUpdate = builder.onUpdate;
    this.onStatus = builder.onStatus;
    this.warnings = builder.warnings;
  }

  static Builder with(Status status, Generation generation) {
    return new Builder(status, generation);
  }

  @Override
  public void prepareForCreate(ObjectNode object) {
    SystemMetadata.clear(object);
    if (generation != Generation.NEVER) {
      Fields.ensureObject(object, "metadata").put("generation", 1);
    }
    if (status == Status.SEPARATE) {
      object.remove("status");
    }
    onCreate.accept(object);
  }

  @Override
  public void prepareForUpdate(ObjectNode object, ObjectNode old) {
    SystemMetadata.keep(object, old);
    if (status == Status.SEPARATE || status == Status.SEPARATE_BUT_ON_CREATE) {
      SystemMetadata.copy(object, old, "status");
    }
    onUpdate.accept(object, old);
    if (grows(object, old)) {
      SystemMetadata.grow(object, old);
    }
  }

  private boolean grows(ObjectNode object, ObjectNode old) {
    return switch (generation) {
      case NEVER -> false;
      case ON_SPEC -> !JsonEquality.equal(object.path("spec"), old.path("spec"));
      case ON_SPEC_OR_ANNOTATIONS ->
          !JsonEquality.equal(object.path("spec"), old.path("spec"))
              || !Fields.object(object.path("metadata"), "annotations")
                  .equals(Fields.object(old.path("metadata"), "annotations"));
      case ON_ALL_BUT_METADATA -> !JsonEquality.equal(content(object), content(old));
    };
  }

  private ObjectNode content(ObjectNode object) {
    ObjectNode content = object.objectNode();
    content.setAll(object);
    content.remove(List.of("metadata", "apiVersion", "kind"));
    if (status != Status.PART) {
      content.remove("status");
    }
    return content;
  }

  @Override
  public void prepareForStatusUpdate(ObjectNode object, ObjectNode old) {
    JsonNode newStatus = object.path("status");
    SystemMetadata.keep(object, old);
    List<String> fields = new ArrayList<>();
    object.fieldNames().forEachRemaining(fields::add);
    old.fieldNames().forEachRemaining(fields::add);
    for (String field : fields) {
      if (!field.equals("metadata") && !field.equals("status")) {
        SystemMetadata.copy(object, old, field);
      }
    }
    if (!newStatus.isMissingNode()) {
      object.set("status", newStatus);
    }
    onStatus.accept(object, old);
  }

  @Override
  public CreateOnUpdate createOnUpdate() {
    return createOnUpdate;
  }

  @Override
  public UnconditionalUpdate unconditionalUpdate() {
    return unconditionalUpdate;
  }

  @Override
  public List<String> warnings(ObjectNode object) {
    return warnings.apply(object);
  }

  /** Collects the differences; what is not said is as for most kinds. */
  static final class Builder {
    private final Status status;
    private final Generation generation;
    private CreateOnUpdate createOnUpdate = CreateOnUpdate.REFUSED;
    private UnconditionalUpdate unconditionalUpdate = UnconditionalUpdate.ALLOWED;
    private Consumer<ObjectNode> onCreate = object -> {};
    private BiConsumer<ObjectNode, JsonNode> onUpdate = (object, old) -> {};
    private BiConsumer<ObjectNode, JsonNode> onStatus = (object, old) -> {};
    private Function<ObjectNode, List<String>> warnings = object -> List.of();

    private Builder(Status status, Generation generation) {
      this.status = status;
      this.generation = generation;
    }

    Builder createdByUpdate() {
      this.createOnUpdate = CreateOnUpdate.ALLOWED;
      return this;
    }

    Builder onlyWithResourceVersion() {
      this.unconditionalUpdate = UnconditionalUpdate.REFUSED;
      return this;
    }

    Builder onCreate(Consumer<ObjectNode> action) {
      this.onCreate = action;
      return this;
    }

    Builder onUpdate(BiConsumer<ObjectNode, JsonNode> action) {
      this.onUpdate = action;
      return this;
    }

    Builder onStatus(BiConsumer<ObjectNode, JsonNode> action) {
      this.onStatus = action;
      return this;
    }

    Builder warnings(Function<ObjectNode, List<String>> finder) {
      this.warnings = finder;
      return this;
    }

    Strategy build() {
      return new KindStrategy(this);
    }
  }
}
