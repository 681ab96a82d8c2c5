package dev.ensemble.core.apply;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Comparator;
import java.util.Optional;

/**
 * One entry of {@code metadata.managedFields}.
 *
 * @param time as written: RFC 3339 with seconds in UTC, so texts are ordered as times are
 */
record ManagedEntry(
    String manager,
    String operation,
    String apiVersion,
    String subresource,
    Optional<String> time,
    FieldSet fields) {
  static final String APPLY = "Apply";
  static final String UPDATE = "Update";

  /** The published order: appliers first, then by time. */
  static final Comparator<ManagedEntry> PUBLISHED_ORDER =
      Comparator.comparing(ManagedEntry::operation)
          .thenComparing(entry -> entry.time().orElse(""))
          .thenComparing(ManagedEntry::manager)
          .thenComparing(ManagedEntry::apiVersion)
          .thenComparing(ManagedEntry::subresource);

  static ManagedEntry of(FieldOwner owner, String operation, String time, FieldSet fields) {
    return new ManagedEntry(
        owner.name(),
        operation,
        owner.apiVersion(),
        owner.subresource(),
        Optional.of(time),
        fields);
  }

  boolean isApply() {
    return operation.equals(APPLY);
  }

  /** Whether writes of this owner by this operation go to this entry. */
  boolean belongsTo(FieldOwner owner, String ownersOperation) {
    return operation.equals(ownersOperation)
        && manager.equals(owner.name())
        && subresource.equals(owner.subresource())
        && (isApply() || apiVersion.equals(owner.apiVersion()));
  }

  boolean sameOwner(ManagedEntry other) {
    return belongsTo(
        new FieldOwner(other.manager, other.apiVersion, other.subresource), other.operation);
  }

  ManagedEntry withFields(FieldSet owned) {
    return new ManagedEntry(manager, operation, apiVersion, subresource, time, owned);
  }

  ManagedEntry withTime(Optional<String> lastChange) {
    return new ManagedEntry(manager, operation, apiVersion, subresource, lastChange, fields);
  }

  /** Reads one entry; empty if upstream would not read it. */
  static Optional<ManagedEntry> decode(JsonNode json, Trust trust) {
    String operation = json.path("operation").asText();
    String apiVersion = json.path("apiVersion").asText();
    if (!(operation.equals(APPLY) || operation.equals(UPDATE))
        || apiVersion.isEmpty()
        || !json.path("fieldsType").asText().equals("FieldsV1")) {
      return Optional.empty();
    }
    JsonNode fieldsV1 = json.get("fieldsV1");
    Optional<FieldSet> fields;
    if (fieldsV1 == null || fieldsV1.isNull()) {
      fields = Optional.of(FieldSet.EMPTY);
    } else if (trust == Trust.OWN && fieldsV1 instanceof ObjectNode own) {
      fields = Optional.of(FieldSet.trusted(own));
    } else {
      fields = FieldSet.decode(fieldsV1);
    }
    return fields.map(
        set ->
            new ManagedEntry(
                json.path("manager").asText(),
                operation,
                apiVersion,
                json.path("subresource").asText(),
                Optional.ofNullable(json.path("time").textValue()),
                set));
  }

  /** Where an entry comes from. */
  enum Trust {
    /** Written by this server before. */
    OWN,
    /** Sent by a client. */
    CLIENT
  }

  ObjectNode encode() {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("apiVersion", apiVersion);
    json.put("fieldsType", "FieldsV1");
    json.set("fieldsV1", fields.json());
    json.put("manager", manager);
    json.put("operation", operation);
    if (!subresource.isEmpty()) {
      json.put("subresource", subresource);
    }
    time.ifPresent(text -> json.put("time", text));
    return json;
  }
}
