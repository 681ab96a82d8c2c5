package dev.ensemble.core.defaults;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ensemble.core.object.Fields;
import dev.ensemble.core.validation.Names;
import java.util.Optional;
import java.util.function.IntUnaryOperator;

/**
 * Gives a pod's containers a token of their service account, the authority's certificate and the
 * namespace where clients of the API look for them (upstream's ServiceAccount admission plugin).
 */
public final class TokenMount {
  public static final String PATH = "/var/run/secrets/kubernetes.io/serviceaccount";

  private static final String PREFIX = "kube-api-access-";

  /** Upstream's: an hour, and seconds by which its tokens are told from those asked for. */
  private static final int EXPIRATION_SECONDS = 3607;

  private static final int MODE = 0644;

  private TokenMount() {}

  /** The pod says; else its account; else it is wanted. */
  public static boolean isWanted(JsonNode spec, Optional<JsonNode> account) {
    JsonNode own = spec.path("automountServiceAccountToken");
    return own.isBoolean()
        ? own.booleanValue()
        : account.map(a -> a.path("automountServiceAccountToken").asBoolean(true)).orElse(true);
  }

  /**
   * Adds the mount to every container that has nothing at its path, and the volume if one needed
   * it.
   *
   * @param below gives a number from 0 to below its argument
   */
  public static void add(ObjectNode spec, IntUnaryOperator below) {
    String volume = Names.generated(PREFIX, below);
    boolean mounted = false;
    for (String kind : new String[] {"initContainers", "containers"}) {
      for (JsonNode container : Fields.items(spec, kind)) {
        mounted |= mount((ObjectNode) container, volume);
      }
    }
    if (mounted) {
      volume(spec.withArray("volumes").addObject().put("name", volume).putObject("projected"));
    }
  }

  private static boolean mount(ObjectNode container, String volume) {
    for (JsonNode mount : Fields.items(container, "volumeMounts")) {
      if (Fields.text(mount, "mountPath").equals(PATH)) {
        return false;
      }
    }
    container
        .withArray("volumeMounts")
        .addObject()
        .put("name", volume)
        .put("readOnly", true)
        .put("mountPath", PATH);
    return true;
  }

  private static void volume(ObjectNode projected) {
    projected
        .withArray("sources")
        .addObject()
        .putObject("serviceAccountToken")
        .put("expirationSeconds", EXPIRATION_SECONDS)
        .put("path", "token");
    ObjectNode authority = projected.withArray("sources").addObject().putObject("configMap");
    authority.put("name", "kube-root-ca.crt");
    authority.putArray("items").addObject().put("key", "ca.crt").put("path", "ca.crt");
    ObjectNode item =
        projected
            .withArray("sources")
            .addObject()
            .putObject("downwardAPI")
            .putArray("items")
            .addObject();
    item.put("path", "namespace");
    item.putObject("fieldRef").put("apiVersion", "v1").put("fieldPath", "metadata.namespace");
    projected.put("defaultMode", MODE);
  }
}
