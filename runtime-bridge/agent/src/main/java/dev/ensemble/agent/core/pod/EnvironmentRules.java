package dev.ensemble.agent.core.pod;

import static dev.ensemble.agent.core.Fields.at;
import static dev.ensemble.agent.core.Fields.flag;
import static dev.ensemble.agent.core.Fields.has;
import static dev.ensemble.agent.core.Fields.list;
import static dev.ensemble.agent.core.Fields.strings;
import static dev.ensemble.agent.core.Fields.text;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ensemble.agent.core.Fields;
import dev.ensemble.agent.core.pod.PodSources.Reference;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A container's environment: envFrom, env with references and expansion, then Services'. */
public final class EnvironmentRules {
  private EnvironmentRules() {}

  /**
   * In the order in which they are set.
   *
   * @throws PodConfigException when something that is not optional is missing
   */
  public static Map<String, String> of(
      PodDefinition pod, JsonNode container, PodSources sources, List<String> podIps) {
    Map<String, String> serviceVariables = ServiceVariables.of(pod, sources.services());
    Map<String, String> variables = new LinkedHashMap<>();
    for (JsonNode source : list(container, "envFrom")) {
      addAll(variables, pod, source, sources);
    }
    FieldValues fields = new FieldValues(pod, podIps, sources.node());
    for (JsonNode variable : list(container, "env")) {
      String name = text(variable, "name");
      if (has(variable, "valueFrom")) {
        valueFrom(pod, container, at(variable, "valueFrom"), sources, fields)
            .ifPresent(value -> variables.put(name, value));
      } else {
        variables.put(
            name,
            Expansion.expand(
                text(variable, "value"),
                known ->
                    Optional.ofNullable(variables.get(known))
                        .or(() -> Optional.ofNullable(serviceVariables.get(known)))));
      }
    }
    serviceVariables.forEach(variables::putIfAbsent);
    return variables;
  }

  private static void addAll(
      Map<String, String> variables, PodDefinition pod, JsonNode source, PodSources sources) {
    String prefix = text(source, "prefix");
    boolean secret = has(source, "secretRef");
    JsonNode named = at(source, secret ? "secretRef" : "configMapRef");
    Reference reference = reference(pod, secret, text(named, "name"));
    if (sources.find(reference).isEmpty() && flag(named, "optional")) {
      return;
    }
    JsonNode object = sources.require(reference);
    strings(object, "data")
        .forEach((key, value) -> variables.put(prefix + key, secret ? decode(value) : value));
  }

  private static Optional<String> valueFrom(
      PodDefinition pod,
      JsonNode container,
      JsonNode from,
      PodSources sources,
      FieldValues fields) {
    if (has(from, "fieldRef")) {
      return Optional.of(fields.field(text(from, "fieldRef", "fieldPath")));
    }
    if (has(from, "resourceFieldRef")) {
      return Optional.of(fields.resource(at(from, "resourceFieldRef"), container));
    }
    boolean secret = has(from, "secretKeyRef");
    if (!secret && !has(from, "configMapKeyRef")) {
      throw new PodConfigException("unsupported source of an environment variable");
    }
    JsonNode named = at(from, secret ? "secretKeyRef" : "configMapKeyRef");
    Reference reference = reference(pod, secret, text(named, "name"));
    boolean optional = flag(named, "optional");
    Optional<ObjectNode> object = sources.find(reference);
    if (object.isEmpty() && optional) {
      return Optional.empty();
    }
    String key = text(named, "key");
    Optional<String> value = Fields.find(sources.require(reference), "data", key);
    if (value.isEmpty() && !optional) {
      throw new PodConfigException(
          "couldn't find key "
              + key
              + " in "
              + (secret ? "Secret " : "ConfigMap ")
              + pod.namespace()
              + "/"
              + reference.name());
    }
    return value.map(found -> secret ? decode(found) : found);
  }

  private static Reference reference(PodDefinition pod, boolean secret, String name) {
    return secret
        ? Reference.secret(pod.namespace(), name)
        : Reference.configMap(pod.namespace(), name);
  }

  private static String decode(String base64) {
    return new String(Base64.getDecoder().decode(base64), StandardCharsets.UTF_8);
  }
}
