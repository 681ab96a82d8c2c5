package dev.ensemble.agent.core.pod;

import static dev.ensemble.agent.core.Fields.list;
import static dev.ensemble.agent.core.Fields.text;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.ensemble.agent.core.pod.PodSources.Reference;
import dev.ensemble.agent.runtime.PodRuntime.RegistryLogin;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Finds the logins of an image's registry in the pod's imagePullSecrets. */
public final class ImagePullLogin {
  private static final ObjectMapper JSON = new ObjectMapper();

  private ImagePullLogin() {}

  private record Candidate(String registry, RegistryLogin login) {}

  /** Why the reference is no image's name; empty when it is one. */
  public static Optional<String> problem(String image) {
    return ImageName.problem(image);
  }

  /**
   * Those whose registry, and path if it names one, is the image's; the closest first. Hosts may
   * have stars between their dots.
   */
  public static List<RegistryLogin> of(PodDefinition pod, String image, PodSources sources) {
    if (ImageName.problem(image).isPresent()) {
      return List.of();
    }
    ImageName name = ImageName.parse(image);
    List<Candidate> found = new ArrayList<>();
    for (JsonNode named : list(pod.spec(), "imagePullSecrets")) {
      sources
          .find(Reference.secret(pod.namespace(), text(named, "name")))
          .ifPresent(secret -> found.addAll(candidates(secret)));
    }
    return found.stream()
        .filter(candidate -> matches(candidate.registry(), name))
        .sorted(Comparator.comparing(Candidate::registry).reversed())
        .map(Candidate::login)
        .distinct()
        .toList();
  }

  private static boolean matches(String registry, ImageName image) {
    String[] hostAndPath = registry.split("/", 2);
    boolean host =
        hostMatches(hostAndPath[0], image.registry())
            || (image.registry().equals("docker.io") && hostAndPath[0].equals("index.docker.io"));
    return host && (hostAndPath.length == 1 || image.repository().startsWith(hostAndPath[1]));
  }

  private static boolean hostMatches(String pattern, String host) {
    String[] wanted = pattern.split("\\.", -1);
    String[] given = host.split("\\.", -1);
    if (wanted.length != given.length) {
      return false;
    }
    for (int i = 0; i < wanted.length; i++) {
      String[] around = wanted[i].split("\\*", -1);
      boolean fits =
          around.length == 1
              ? wanted[i].equals(given[i])
              : given[i].startsWith(around[0]) && given[i].endsWith(around[around.length - 1]);
      if (!fits) {
        return false;
      }
    }
    return true;
  }

  /** Both forms: .dockerconfigjson has its entries below auths, .dockercfg has only them. */
  private static List<Candidate> candidates(JsonNode secret) {
    List<Candidate> found = new ArrayList<>();
    try {
      JsonNode auths = JSON.readTree(decode(text(secret, "data", ".dockerconfigjson")));
      JsonNode old = JSON.readTree(decode(text(secret, "data", ".dockercfg")));
      for (JsonNode entries : List.of(auths.path("auths"), old)) {
        for (Map.Entry<String, JsonNode> entry : entries.properties()) {
          String registry =
              entry
                  .getKey()
                  .replaceFirst("^https?://", "")
                  .replaceFirst("/v[12]/?", "/")
                  .replaceFirst("/$", "");
          found.add(new Candidate(registry, login(entry.getValue())));
        }
      }
    } catch (JsonProcessingException | IllegalArgumentException e) {
      // A secret that is no registry login is none.
      return List.of();
    }
    return found;
  }

  private static RegistryLogin login(JsonNode given) {
    String[] pair = decode(text(given, "auth")).trim().split(":", 2);
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
