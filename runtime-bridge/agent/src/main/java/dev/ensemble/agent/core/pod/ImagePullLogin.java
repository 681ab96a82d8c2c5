package dev.ensemble.agent.core.pod;

import static dev.ensemble.agent.core.Fields.list;
import static dev.ensemble.agent.core.Fields.text;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.ensemble.agent.core.pod.PodSources.Reference;
import dev.ensemble.agent.runtime.PodRuntime.RegistryLogin;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;

/** Finds the login of an image's registry in the pod's imagePullSecrets. */
public final class ImagePullLogin {
  private static final ObjectMapper JSON = new ObjectMapper();

  private ImagePullLogin() {}

  public static Optional<RegistryLogin> of(PodDefinition pod, String image, PodSources sources) {
    String registry = registry(image);
    for (JsonNode named : list(pod.spec(), "imagePullSecrets")) {
      Optional<RegistryLogin> login =
          sources
              .find(Reference.secret(pod.namespace(), text(named, "name")))
              .flatMap(secret -> login(secret, registry));
      if (login.isPresent()) {
        return login;
      }
    }
    return Optional.empty();
  }

  private static String registry(String image) {
    String first = image.split("/", 2)[0];
    boolean host =
        image.contains("/")
            && (first.contains(".") || first.contains(":") || first.equals("localhost"));
    return host ? first : "docker.io";
  }

  private static Optional<RegistryLogin> login(JsonNode secret, String registry) {
    String encoded = text(secret, "data", ".dockerconfigjson");
    try {
      JsonNode auths = JSON.readTree(decode(encoded)).path("auths");
      for (Map.Entry<String, JsonNode> entry : auths.properties()) {
        String host = entry.getKey().replaceFirst("^https?://", "").split("/", 2)[0];
        boolean matches =
            host.equals(registry)
                || (registry.equals("docker.io") && host.equals("index.docker.io"));
        if (matches) {
          return Optional.of(login(entry.getValue()));
        }
      }
    } catch (JsonProcessingException | IllegalArgumentException e) {
      // A secret that is no registry login is none.
      return Optional.empty();
    }
    return Optional.empty();
  }

  private static RegistryLogin login(JsonNode given) {
    String[] pair = decode(text(given, "auth")).split(":", 2);
    boolean joined = pair.length == 2;
    return new RegistryLogin(
        joined ? pair[0] : text(given, "username"),
        joined ? pair[1] : text(given, "password"),
        text(given, "registrytoken"));
  }

  private static String decode(String base64) {
    return new String(Base64.getDecoder().decode(base64), StandardCharsets.UTF_8);
  }
}
