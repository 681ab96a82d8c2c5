package dev.ensemble.agent.core.pod;

import static dev.ensemble.agent.core.Fields.text;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ensemble.agent.core.Fields;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** A pod condition; its transition time is kept as long as its status is. */
record Condition(String type, String status, String reason, String message) {
  static Condition of(String type, boolean holds) {
    return new Condition(type, holds ? "True" : "False", "", "");
  }

  static String goList(List<String> names) {
    return "[" + String.join(" ", names) + "]";
  }

  ObjectNode json(JsonNode previousStatus, Optional<Long> generation, Instant now) {
    ObjectNode json = Fields.object();
    generation.ifPresent(g -> json.put("observedGeneration", g));
    String since =
        Fields.list(previousStatus, "conditions").stream()
            .filter(c -> text(c, "type").equals(type) && text(c, "status").equals(status))
            .flatMap(c -> Fields.find(c, "lastTransitionTime").stream())
            .findFirst()
            .orElse(Timestamps.seconds(now));
    json.put("type", type).put("status", status);
    json.put("lastTransitionTime", since);
    if (!reason.isEmpty()) {
      json.put("reason", reason);
    }
    if (!message.isEmpty()) {
      json.put("message", message);
    }
    return json;
  }
}
