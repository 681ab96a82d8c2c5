package dev.ensemble.http.resource;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ensemble.core.apply.ApplyResult;
import dev.ensemble.core.apply.FieldOwner;
import dev.ensemble.core.apply.ManagedFields;
import dev.ensemble.core.apply.ServerSideApply;
import dev.ensemble.core.resource.ResourceType;
import dev.ensemble.http.status.StatusException;
import dev.ensemble.http.status.Statuses;
import java.util.Optional;

/** Field ownership as core computes it. */
public final class CoreOwnership implements FieldOwnership {
  private static final String METADATA = "metadata";

  @Override
  public void updated(
      ResourceType type, Optional<ObjectNode> live, ObjectNode object, Writer writer) {
    ObjectNode owned =
        ManagedFields.afterUpdate(live, object, owner(type, writer), writer.at(), type.schema());
    object.set(METADATA, owned.get(METADATA));
  }

  @Override
  public ObjectNode apply(
      ResourceType type, Optional<ObjectNode> live, ObjectNode configuration, Apply how) {
    ApplyResult result =
        ServerSideApply.apply(
            live,
            configuration,
            owner(type, how.writer()),
            how.policy(),
            how.writer().at(),
            type.schema());
    if (result instanceof ApplyResult.Applied applied) {
      return applied.object();
    }
    if (result instanceof ApplyResult.Conflicted conflicted) {
      throw Statuses.applyConflict(conflicted.message(), conflicted.conflicts());
    }
    throw invalid((ApplyResult.Invalid) result);
  }

  @Override
  public void settled(ObjectNode live, ObjectNode object) {
    ObjectNode kept = ManagedFields.keepTimes(live, object);
    object.set(METADATA, kept.get(METADATA));
  }

  private static StatusException invalid(ApplyResult.Invalid invalid) {
    return switch (invalid.kind()) {
      case BAD_REQUEST -> Statuses.badRequest(invalid.message());
      case UNTYPED -> Statuses.internal(invalid.message());
    };
  }

  private static FieldOwner owner(ResourceType type, Writer writer) {
    return new FieldOwner(writer.manager(), type.apiVersion(), writer.subresource());
  }
}
