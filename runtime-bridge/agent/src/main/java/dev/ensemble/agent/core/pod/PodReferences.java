package dev.ensemble.agent.core.pod;

import static dev.ensemble.agent.core.Fields.list;
import static dev.ensemble.agent.core.Fields.text;

import com.fasterxml.jackson.databind.JsonNode;
import dev.ensemble.agent.core.pod.PodSources.Reference;
import java.util.LinkedHashSet;
import java.util.Set;

/** Which ConfigMaps and Secrets a pod draws on. */
public final class PodReferences {
  private PodReferences() {}

  public static Set<Reference> of(PodDefinition pod) {
    Set<Reference> found = new LinkedHashSet<>();
    String namespace = pod.namespace();
    for (JsonNode container : pod.allContainers()) {
      for (JsonNode source : list(container, "envFrom")) {
        configMap(found, namespace, text(source, "configMapRef", "name"));
        secret(found, namespace, text(source, "secretRef", "name"));
      }
      for (JsonNode variable : list(container, "env")) {
        configMap(found, namespace, text(variable, "valueFrom", "configMapKeyRef", "name"));
        secret(found, namespace, text(variable, "valueFrom", "secretKeyRef", "name"));
      }
    }
    for (JsonNode volume : pod.volumes()) {
      configMap(found, namespace, text(volume, "configMap", "name"));
      secret(found, namespace, text(volume, "secret", "secretName"));
      for (JsonNode source : list(volume, "projected", "sources")) {
        configMap(found, namespace, text(source, "configMap", "name"));
        secret(found, namespace, text(source, "secret", "name"));
      }
    }
    list(pod.spec(), "imagePullSecrets")
        .forEach(secret -> secret(found, namespace, text(secret, "name")));
    return found;
  }

  private static void configMap(Set<Reference> found, String namespace, String name) {
    if (!name.isEmpty()) {
      found.add(Reference.configMap(namespace, name));
    }
  }

  private static void secret(Set<Reference> found, String namespace, String name) {
    if (!name.isEmpty()) {
      found.add(Reference.secret(namespace, name));
    }
  }
}
