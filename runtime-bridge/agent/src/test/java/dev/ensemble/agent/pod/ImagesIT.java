package dev.ensemble.agent.pod;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ensemble.agent.SharedNode;
import dev.ensemble.agent.core.Fields;
import dev.ensemble.protocol.FromAgent;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Images from real registries. Needs root and docker-registry. */
@ExtendWith(SharedNode.class)
class ImagesIT {
  private static final String SCRIPT = "\"command\":[\"sh\",\"-c\",\"sleep 1000\"]";
  private static LocalRegistry open;
  private static LocalRegistry locked;

  @BeforeAll
  static void start() throws Exception {
    open = LocalRegistry.open();
    locked = LocalRegistry.locked();
    open.push(archive(), "team/app:1");
    locked.push(archive(), "team/app:1");
  }

  @AfterAll
  static void stop() throws Exception {
    open.close();
    locked.close();
  }

  private static Path archive() {
    return Path.of(System.getProperty("ensemble.test.images", "target/images"))
        .resolve("nginx.tar");
  }

  private static void pod(String uid, String image, String policy, String more) throws Exception {
    SharedNode.run(
        uid,
        """
        {"terminationGracePeriodSeconds":0,%s
         "containers":[{"name":"c","image":"%s","imagePullPolicy":"%s",%s}]}
        """
            .formatted(more, image, policy, SCRIPT));
  }

  private static List<String> reasons(String uid) {
    return SharedNode.node().events(uid, "{c}").stream()
        .map(FromAgent.EventObserved::reason)
        .toList();
  }

  private static String message(String uid, String reason) {
    return SharedNode.node().events(uid, "{c}").stream()
        .filter(e -> e.reason().equals(reason))
        .map(FromAgent.EventObserved::message)
        .findFirst()
        .orElse("");
  }

  private static void awaitWaiting(String uid, String reason) {
    await(uid + " waits with " + reason)
        .atMost(SharedNode.PATIENCE)
        .until(() -> waiting(uid, "reason").equals(reason));
  }

  private static String waiting(String uid, String field) {
    return Fields.text(SharedNode.container(uid), "state", "waiting", field);
  }

  private static void secret(String name, String registry, String password) {
    String auth =
        Base64.getEncoder().encodeToString(("robot:" + password).getBytes(StandardCharsets.UTF_8));
    String config = "{\"auths\":{\"" + registry + "\":{\"auth\":\"" + auth + "\"}}}";
    ObjectNode secret = Fields.object();
    secret
        .putObject("data")
        .put(
            ".dockerconfigjson",
            Base64.getEncoder().encodeToString(config.getBytes(StandardCharsets.UTF_8)));
    SharedNode.node().put("secrets", name, Optional.of(secret));
  }

  @Test
  void alwaysAsksTheRegistryAndIfNotPresentDoesNot() throws Exception {
    String image = open.host() + "/team/app:1";
    pod("image-always", image, "Always", "");
    SharedNode.awaitPhase("image-always", "Running");
    assertThat(reasons("image-always")).containsExactly("Pulling", "Pulled", "Created", "Started");
    assertThat(message("image-always", "Pulling")).isEqualTo("Pulling image \"" + image + "\"");
    assertThat(message("image-always", "Pulled"))
        .matches(
            "Successfully pulled image \""
                + image
                + "\" in .*s \\(.*s including waiting\\)\\. "
                + "Image size: [0-9]+ bytes\\.");
    pod("image-present", image, "IfNotPresent", "");
    SharedNode.awaitPhase("image-present", "Running");
    assertThat(reasons("image-present")).containsExactly("Pulled", "Created", "Started");
    assertThat(message("image-present", "Pulled"))
        .isEqualTo("Container image \"" + image + "\" already present on machine");
    SharedNode.end("image-always");
    SharedNode.end("image-present");
  }

  @Test
  void anImageThatIsMissingIsTriedAgainAfterABackoff() throws Exception {
    String image = open.host() + "/team/app:later";
    pod("image-later", image, "IfNotPresent", "");
    awaitWaiting("image-later", "ImagePullBackOff");
    String failed = "Failed to pull image \"" + image + "\": ";
    assertThat(message("image-later", "Failed")).startsWith(failed).contains("not found");
    assertThat(waiting("image-later", "message"))
        .isEqualTo(
            "Back-off pulling image \"%s\": ErrImagePull: %s"
                .formatted(image, message("image-later", "Failed").substring(failed.length())));
    assertThat(SharedNode.node().events("image-later", "{c}"))
        .extracting(e -> e.eventType() + " " + e.reason())
        .startsWith("Normal Pulling", "Warning Failed", "Warning Failed", "Normal BackOff");
    assertThat(
            SharedNode.node().events("image-later", "{c}").stream()
                .filter(e -> e.reason().equals("Failed"))
                .map(FromAgent.EventObserved::message))
        .contains("Error: ErrImagePull", "Error: ImagePullBackOff");
    open.push(archive(), "team/app:later");
    SharedNode.awaitPhase("image-later", "Running");
    SharedNode.end("image-later");
  }

  @Test
  void neverDoesNotAskAndANameThatIsNoneIsSaid() throws Exception {
    pod("image-never", open.host() + "/team/absent:1", "Never", "");
    pod("image-invalid", open.host() + "/Team/App:1", "Always", "");
    awaitWaiting("image-never", "ErrImageNeverPull");
    awaitWaiting("image-invalid", "InvalidImageName");
    String never =
        "Container image \"%s/team/absent:1\" is not present with pull policy of Never"
            .formatted(open.host());
    assertThat(waiting("image-never", "message")).isEqualTo(never);
    assertThat(message("image-never", "ErrImageNeverPull")).isEqualTo(never);
    assertThat(message("image-never", "Failed")).isEqualTo("Error: ErrImageNeverPull");
    String name = open.host() + "/Team/App:1";
    String invalid =
        "Failed to apply default image tag \"%s\": couldn't parse image name \"%s\": "
                .formatted(name, name)
            + "invalid reference format: repository name (Team/App) must be lowercase";
    assertThat(waiting("image-invalid", "message")).isEqualTo(invalid);
    assertThat(message("image-invalid", "InspectFailed")).isEqualTo(invalid);
    assertThat(message("image-invalid", "Failed")).isEqualTo("Error: InvalidImageName");
    SharedNode.end("image-never");
    SharedNode.end("image-invalid");
  }

  @Test
  void aPrivateRegistryLetsInWhoHasTheRightSecretAmongSeveral() throws Exception {
    String image = locked.host() + "/team/app:1";
    pod("image-locked-out", image, "Always", "");
    awaitWaiting("image-locked-out", "ImagePullBackOff");
    assertThat(waiting("image-locked-out", "message"))
        .containsAnyOf("no basic auth credentials", "authorization failed", "401");
    pod(
        "image-let-in",
        image,
        "Always",
        "\"imagePullSecrets\":[{\"name\":\"wrong\"},{\"name\":\"right\"},{\"name\":\"elsewhere\"}],");
    secret("wrong", locked.host() + "/team", "guessed");
    secret("right", locked.host(), "secret");
    secret("elsewhere", "registry.invalid", "secret");
    SharedNode.awaitPhase("image-let-in", "Running");
    assertThat(reasons("image-let-in")).containsExactly("Pulling", "Pulled", "Created", "Started");
    SharedNode.end("image-locked-out");
    SharedNode.end("image-let-in");
  }
}
