package dev.ensemble.persistence.format;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A {@link Provenance} as JSON in UTF-8, without empty fields. Written by hand and in one order,
 * because the bytes are hashed and kept for ever.
 */
public final class ProvenanceJson {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private ProvenanceJson() {}

  public static Bytes encode(Provenance provenance) {
    ObjectNode json = MAPPER.createObjectNode();
    putText(json, "user", provenance.user());
    if (!provenance.groups().isEmpty()) {
      provenance.groups().forEach(json.putArray("groups")::add);
    }
    putText(json, "userAgent", provenance.userAgent());
    putText(json, "fieldManager", provenance.fieldManager());
    putText(json, "source", provenance.source());
    putText(json, "requestId", provenance.requestId());
    json.put("at", provenance.at().toString());
    provenance
        .cause()
        .ifPresent(
            cause ->
                json.putObject("cause")
                    .put("entity", cause.entity())
                    .put("sequence", cause.sequence()));
    try {
      return Bytes.of(MAPPER.writeValueAsBytes(json));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree of strings can always be written", e);
    }
  }

  /** Reads what {@link #encode} wrote; anything else is a {@link FormatException}. */
  public static Provenance decode(Bytes bytes) {
    try {
      JsonNode json = MAPPER.readTree(bytes.array());
      List<String> groups = new ArrayList<>();
      json.path("groups").forEach(group -> groups.add(group.asText()));
      JsonNode cause = json.path("cause");
      return new Provenance(
          json.path("user").asText(),
          groups,
          json.path("userAgent").asText(),
          json.path("fieldManager").asText(),
          json.path("source").asText(),
          json.path("requestId").asText(),
          Instant.parse(json.path("at").asText()),
          cause.isMissingNode()
              ? Optional.empty()
              : Optional.of(
                  new EventId(cause.path("entity").asText(), cause.path("sequence").asLong())));
    } catch (IOException | DateTimeException e) {
      throw new FormatException("not a provenance: " + e.getMessage(), e);
    }
  }

  private static void putText(ObjectNode json, String name, String value) {
    if (!value.isEmpty()) {
      json.put(name, value);
    }
  }
}
