package dev.ensemble.agent.core.pod;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ensemble.agent.core.Fields;
import dev.ensemble.agent.core.pod.PodSources.Reference;
import dev.ensemble.agent.runtime.PodRuntime.RegistryLogin;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ImagePullLoginTest {
  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  /** Logins for the image from secrets with these contents, in the pod's order. */
  private static List<RegistryLogin> logins(String image, String key, String... contents)
      throws Exception {
    Map<Reference, Optional<ObjectNode>> objects = new LinkedHashMap<>();
    ObjectNode pod = Fields.object();
    pod.putObject("metadata").put("namespace", "n");
    for (int i = 0; i < contents.length; i++) {
      ObjectNode secret = Fields.object();
      secret.putObject("data").put(key, base64(contents[i]));
      objects.put(Reference.secret("n", "s" + i), Optional.of(secret));
      pod.withObject("/spec").withArray("imagePullSecrets").addObject().put("name", "s" + i);
    }
    PodSources.NodeFacts node =
        new PodSources.NodeFacts(
            "node",
            List.of(),
            1,
            1,
            List.of(),
            "cluster.local",
            new DnsRules.Dns(List.of(), List.of(), List.of()),
            "/seccomp");
    return ImagePullLogin.of(
        new PodDefinition(pod), image, new PodSources(objects, List.of(), node));
  }

  private static RegistryLogin login(String user) {
    return new RegistryLogin(user, "secret", "");
  }

  @ParameterizedTest
  @CsvSource({
    "registry.example:5000, registry.example:5000/team/app:1, true",
    "https://registry.example:5000/v2/, registry.example:5000/team/app:1, true",
    "registry.example:5000/team, registry.example:5000/team/app, true",
    "registry.example:5000/other, registry.example:5000/team/app, false",
    "registry.example, registry.example:5000/team/app, false",
    "*.example, registry.example/app, true",
    "*.example, a.registry.example/app, false",
    "reg*y.example, registry.example/app, true",
    "https://index.docker.io/v1/, nginx, true",
    "docker.io, docker.io/library/nginx:1.14.2, true",
    "quay.io, nginx, false",
  })
  void aLoginIsForTheImagesOfItsRegistryAndPath(String registry, String image, boolean fits)
      throws Exception {
    String config = "{\"auths\":{\"" + registry + "\":{\"auth\":\"" + base64("u:secret") + "\"}}}";
    assertThat(logins(image, ".dockerconfigjson", config))
        .isEqualTo(fits ? List.of(login("u")) : List.of());
  }

  @Test
  void allThatFitAreTriedTheClosestFirst() throws Exception {
    String wide = "{\"auths\":{\"r.example\":{\"username\":\"wide\",\"password\":\"secret\"}}}";
    String close =
        "{\"auths\":{\"r.example/team\":{\"username\":\"close\",\"password\":\"secret\"}}}";
    assertThat(logins("r.example/team/app", ".dockerconfigjson", wide, close, "no json"))
        .containsExactly(login("close"), login("wide"));
  }

  @Test
  void theOldFormHasNoAuths() throws Exception {
    assertThat(
            logins(
                "r.example/app",
                ".dockercfg",
                "{\"r.example\":{\"username\":\"u\",\"password\":\"secret\"}}"))
        .containsExactly(login("u"));
  }

  @ParameterizedTest
  @CsvSource({
    "nginx, ''",
    "nginx:1.14.2, ''",
    "localhost/a_b/c-d:T.1, ''",
    "127.0.0.1:5000/app@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef,"
        + " ''",
    "r.example/Case, invalid reference format: repository name (Case) must be lowercase",
    "library/Nginx, invalid reference format: repository name (library/Nginx) must be lowercase",
    "nginx:, invalid reference format",
    "nginx:a b, invalid reference format",
    "'', invalid reference format",
    "a//b, invalid reference format",
    "nginx@sha256:12, invalid reference format",
  })
  void whatIsNoImagesNameIsSaid(String image, String problem) {
    assertThat(ImagePullLogin.problem(image).orElse("")).isEqualTo(problem);
  }
}
