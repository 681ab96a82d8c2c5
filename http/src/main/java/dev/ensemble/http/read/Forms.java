package dev.ensemble.http.read;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ensemble.actors.view.StoredObject;
import dev.ensemble.core.resource.ResourceType;
import dev.ensemble.http.request.Query;
import dev.ensemble.http.server.Json;
import dev.ensemble.http.status.Statuses;
import java.time.Instant;
import java.util.List;
import java.util.function.Supplier;

/** meta.k8s.io's forms of objects: Table and PartialObjectMetadata. */
public final class Forms {
  private static final String GROUP = "meta.k8s.io/";
  private final RowMaker rows;
  private final Supplier<Instant> clock;

  public Forms(RowMaker rows, Supplier<Instant> clock) {
    this.rows = rows;
    this.clock = clock;
  }

  /** What a Table's rows carry of their objects. */
  public enum IncludeObject {
    NONE,
    METADATA,
    OBJECT;

    /** Reads {@code includeObject} of the query. */
    public static IncludeObject of(Query query) {
      return switch (query.get("includeObject")) {
        case "", "Metadata" -> METADATA;
        case "None" -> NONE;
        case "Object" -> OBJECT;
        default ->
            throw Statuses.badRequest(
                "unrecognized includeObject value: \"" + query.get("includeObject") + "\"");
      };
    }
  }

  /** Whether a Table says what its columns are: not again in later events of a watch. */
  public enum Header {
    SHOWN,
    LEFT_OUT
  }

  public ObjectNode partial(ObjectNode object, String metaVersion) {
    ObjectNode partial = Json.object();
    partial.put("kind", "PartialObjectMetadata");
    partial.put("apiVersion", GROUP + metaVersion);
    partial.set("metadata", object.path("metadata"));
    return partial;
  }

  public ObjectNode table(
      Target target,
      List<ObjectNode> objects,
      ObjectNode metadata,
      String metaVersion,
      IncludeObject include,
      Header header) {
    ObjectNode table = Json.object();
    table.put("kind", "Table");
    table.put("apiVersion", GROUP + metaVersion);
    table.set("metadata", metadata);
    if (header == Header.SHOWN) {
      table.set("columnDefinitions", columns(rows.columns(target.stored())));
    } else {
      table.putNull("columnDefinitions");
    }
    ArrayNode list = table.putArray("rows");
    Instant now = clock.get();
    for (ObjectNode object : objects) {
      ObjectNode row = list.addObject();
      ObjectNode stored = target.face().isEmpty() ? object : target.face().get().toStored(object);
      row.set("cells", rows.cells(target.stored(), stored, now));
      switch (include) {
        case OBJECT -> row.set("object", object);
        case METADATA -> row.set("object", partial(object, metaVersion));
        case NONE -> row.putNull("object");
      }
    }
    return table;
  }

  /** A Table of one object: its metadata is the list's. */
  public ObjectNode tableOf(
      Target target, ObjectNode object, String metaVersion, IncludeObject include, Header header) {
    ObjectNode metadata = Json.object();
    JsonNode revision = object.path("metadata").path("resourceVersion");
    if (revision.isTextual()) {
      metadata.set("resourceVersion", revision);
    }
    return table(target, List.of(object), metadata, metaVersion, include, header);
  }

  public ObjectNode partial(Target target, StoredObject object, String metaVersion) {
    return partial(target.servedTree(object), metaVersion);
  }

  private static ArrayNode columns(List<ResourceType.Column> given) {
    ArrayNode columns = Json.object().arrayNode();
    for (ResourceType.Column column : given) {
      ObjectNode definition = columns.addObject();
      definition.put("name", column.name());
      definition.put("type", column.type());
      definition.put("format", column.format());
      definition.put("description", column.description());
      definition.put("priority", column.priority());
    }
    return columns;
  }
}
