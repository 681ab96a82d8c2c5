package dev.ensemble.core.node;

import com.fasterxml.jackson.databind.JsonNode;
import dev.ensemble.core.object.ObjectKey;
import dev.ensemble.core.object.ResourceName;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The ConfigMaps and Secrets that a pod names: all that its node may see of them (upstream's node
 * authorizer).
 */
public final class PodReferences {
  private static final ResourceName CONFIG_MAPS = ResourceName.parse("configmaps");
  private static final ResourceName SECRETS = ResourceName.parse("secrets");

  /** Volume sources that name a Secret as {@code secretRef.name}. */
  private static final List<String> WITH_SECRET_REF =
      List.of("cephfs", "cinder", "flexVolume", "iscsi", "rbd", "scaleIO", "storageos");

  private final String namespace;
  private final Set<ObjectKey> found = new HashSet<>();

  private PodReferences(String namespace) {
    this.namespace = namespace;
  }

  public static Set<ObjectKey> of(JsonNode pod) {
    PodReferences references = new PodReferences(pod.at("/metadata/namespace").asText());
    JsonNode spec = pod.path("spec");
    spec.path("imagePullSecrets").forEach(s -> references.add(SECRETS, s.path("name")));
    for (String kind : List.of("initContainers", "containers", "ephemeralContainers")) {
      spec.path(kind).forEach(references::container);
    }
    spec.path("volumes").forEach(references::volume);
    return Set.copyOf(references.found);
  }

  private void container(JsonNode container) {
    for (JsonNode source : container.path("envFrom")) {
      add(CONFIG_MAPS, source.path("configMapRef").path("name"));
      add(SECRETS, source.path("secretRef").path("name"));
    }
    for (JsonNode variable : container.path("env")) {
      add(CONFIG_MAPS, variable.at("/valueFrom/configMapKeyRef/name"));
      add(SECRETS, variable.at("/valueFrom/secretKeyRef/name"));
    }
  }

  private void volume(JsonNode volume) {
    add(CONFIG_MAPS, volume.at("/configMap/name"));
    add(SECRETS, volume.at("/secret/secretName"));
    add(SECRETS, volume.at("/azureFile/secretName"));
    add(SECRETS, volume.at("/csi/nodePublishSecretRef/name"));
    for (String source : WITH_SECRET_REF) {
      add(SECRETS, volume.path(source).path("secretRef").path("name"));
    }
    for (JsonNode source : volume.at("/projected/sources")) {
      add(CONFIG_MAPS, source.at("/configMap/name"));
      add(SECRETS, source.at("/secret/name"));
    }
  }

  private void add(ResourceName resource, JsonNode name) {
    if (!name.asText().isEmpty()) {
      found.add(new ObjectKey(resource, namespace, name.asText()));
    }
  }
}
