package dev.ensemble.http.resource;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ensemble.core.resource.ResourceType;
import dev.ensemble.http.status.Statuses;
import java.util.Optional;

/** Field ownership as core computes it. */
public final class CoreOwnership implements FieldOwnership {
  @Override
  public void updated(
      ResourceType type, Optional<ObjectNode> live, ObjectNode object, Writer writer) {
    live.map(Updates::managedFields)
        .filter(fields -> fields.isArray())
        .ifPresentOrElse(
            fields -> Metadata.of(object).set("managedFields", fields),
            () -> Metadata.of(object).remove("managedFields"));
  }

  @Override
  public Applied apply(
      ResourceType type, Optional<ObjectNode> live, ObjectNode configuration, Apply how) {
    throw Statuses.unsupportedMediaType(PatchType.mediaTypes().subList(0, 3));
  }
}
