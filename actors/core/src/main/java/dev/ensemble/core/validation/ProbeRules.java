package dev.ensemble.core.validation;

import com.fasterxml.jackson.databind.JsonNode;
import dev.ensemble.core.object.Fields;
import java.util.List;
import java.util.Set;

/** Probes and lifecycle hooks, and the actions that both are made of. */
final class ProbeRules {
  private static final List<String> HANDLERS =
      List.of("exec", "httpGet", "tcpSocket", "grpc", "sleep");

  private ProbeRules() {}

  static void all(JsonNode container, long gracePeriod, FieldPath path, FieldErrors errors) {
    JsonNode lifecycle = container.path("lifecycle");
    for (String hook : List.of("postStart", "preStop")) {
      if (Fields.has(lifecycle, hook)) {
        handler(lifecycle.get(hook), gracePeriod, path.child("lifecycle").child(hook), errors);
      }
    }
    if (Fields.has(container, "livenessProbe")) {
      probe(container.get("livenessProbe"), gracePeriod, path.child("livenessProbe"), errors);
      succeedsOnce(container.get("livenessProbe"), path.child("livenessProbe"), errors);
    }
    if (Fields.has(container, "readinessProbe")) {
      JsonNode readiness = container.get("readinessProbe");
      probe(readiness, gracePeriod, path.child("readinessProbe"), errors);
      if (Fields.has(readiness, "terminationGracePeriodSeconds")) {
        errors.invalid(
            path.child("readinessProbe").child("terminationGracePeriodSeconds"),
            readiness.get("terminationGracePeriodSeconds"),
            "must not be set for readinessProbes");
      }
    }
    if (Fields.has(container, "startupProbe")) {
      probe(container.get("startupProbe"), gracePeriod, path.child("startupProbe"), errors);
      succeedsOnce(container.get("startupProbe"), path.child("startupProbe"), errors);
    }
  }

  private static void succeedsOnce(JsonNode probe, FieldPath path, FieldErrors errors) {
    long threshold = Fields.number(probe, "successThreshold");
    if (threshold != 1) {
      errors.invalid(path.child("successThreshold"), threshold, "must be 1");
    }
  }

  private static void probe(JsonNode probe, long gracePeriod, FieldPath path, FieldErrors errors) {
    handler(probe, gracePeriod, path, errors);
    for (String field :
        List.of(
            "initialDelaySeconds",
            "timeoutSeconds",
            "periodSeconds",
            "successThreshold",
            "failureThreshold")) {
      errors.nonNegative(path.child(field), Fields.number(probe, field));
    }
    if (Fields.has(probe, "terminationGracePeriodSeconds")
        && Fields.number(probe, "terminationGracePeriodSeconds") <= 0) {
      errors.invalid(
          path.child("terminationGracePeriodSeconds"),
          probe.get("terminationGracePeriodSeconds"),
          "must be greater than 0");
    }
  }

  private static void handler(
      JsonNode handler, long gracePeriod, FieldPath path, FieldErrors errors) {
    boolean found = false;
    for (String kind : HANDLERS) {
      if (!Fields.has(handler, kind)) {
        continue;
      }
      if (found) {
        errors.forbidden(path.child(kind), "may not specify more than 1 handler type");
        continue;
      }
      found = true;
      action(kind, handler.get(kind), gracePeriod, path.child(kind), errors);
    }
    if (!found) {
      errors.required(path, "must specify a handler type");
    }
  }

  private static void action(
      String kind, JsonNode action, long gracePeriod, FieldPath path, FieldErrors errors) {
    switch (kind) {
      case "exec" -> {
        if (Fields.size(action, "command") == 0) {
          errors.required(path.child("command"), "");
        }
      }
      case "httpGet" -> {
        httpGet(action, path, errors);
      }
      case "sleep" -> {
        long seconds = Fields.number(action, "seconds");
        if (seconds < 0 || seconds > gracePeriod) {
          errors.invalid(
              path,
              seconds,
              "must be non-negative and less than terminationGracePeriodSeconds ("
                  + gracePeriod
                  + ")");
        }
      }
      default -> {
        portOrName(action.path("port"), path.child("port"), errors);
      }
    }
  }

  private static void httpGet(JsonNode action, FieldPath path, FieldErrors errors) {
    if (Fields.text(action, "path").isEmpty()) {
      errors.required(path.child("path"), "");
    }
    portOrName(action.path("port"), path.child("port"), errors);
    String scheme = Fields.text(action, "scheme");
    if (!scheme.equals("HTTP") && !scheme.equals("HTTPS")) {
      errors.notSupported(path.child("scheme"), scheme, Set.of("HTTP", "HTTPS"));
    }
    for (JsonNode header : Fields.items(action, "httpHeaders")) {
      String name = Fields.text(header, "name");
      if (!isHeaderName(name)) {
        errors.invalid(
            path.child("httpHeaders"),
            name,
            "a valid HTTP header must consist of alphanumeric characters or '-' "
                + Names.example("'X-Header-Name'", "[-A-Za-z0-9]+"));
      }
    }
  }

  private static boolean isHeaderName(String name) {
    for (int i = 0; i < name.length(); i++) {
      if (!Names.isLetterOrDigit(name.charAt(i)) && name.charAt(i) != '-') {
        return false;
      }
    }
    return !name.isEmpty();
  }

  /** A port's number or an IANA service name; what is not there is port 0. */
  static void portOrName(JsonNode port, FieldPath path, FieldErrors errors) {
    if (port.isTextual()) {
      errors.invalidEach(path, port.textValue(), Keys.portName(port.textValue()));
      return;
    }
    for (String fault : Keys.portNumber(port.asLong())) {
      errors.invalid(path, port.asLong(), fault);
    }
  }
}
