package dev.ensemble.agent.pod;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ensemble.agent.SharedNode;
import dev.ensemble.agent.core.Fields;
import dev.ensemble.agent.core.pod.TokenProjection;
import dev.ensemble.agent.pod.TokenSource.Token;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Isolated;

/** Tokens of service accounts in real containers. Needs root. Other classes' pods would suffer. */
@Isolated
@ExtendWith(SharedNode.class)
class TokensIT {
  private static final String FOLDER = "/var/run/secrets/kubernetes.io/serviceaccount/";

  /** As admission makes it. */
  private static String spec(String more) {
    return """
    {"serviceAccountName":"robot","terminationGracePeriodSeconds":0,%s
     "containers":[{"name":"c","image":"nginx:1.14.2",
       "volumeMounts":[{"name":"kube-api-access-x","readOnly":true,
         "mountPath":"/var/run/secrets/kubernetes.io/serviceaccount"}]}],
     "volumes":[{"name":"kube-api-access-x","projected":{"defaultMode":420,"sources":[
       {"serviceAccountToken":{"expirationSeconds":3607,"path":"token"}},
       {"configMap":{"name":"kube-root-ca.crt","items":[{"key":"ca.crt","path":"ca.crt"}]}},
       {"downwardAPI":{"items":[{"path":"namespace",
         "fieldRef":{"apiVersion":"v1","fieldPath":"metadata.namespace"}}]}}]}}]}
    """
        .formatted(more);
  }

  private static void authority() {
    ObjectNode authority = Fields.object();
    authority.putObject("data").put("ca.crt", "PEM");
    SharedNode.node().put("configmaps", "kube-root-ca.crt", Optional.of(authority));
  }

  private static String sh(String uid, String script) {
    return SharedNode.node()
        .runtime()
        .execSync(SharedNode.state(uid).id(), List.of("sh", "-c", script), Duration.ofSeconds(20))
        .toCompletableFuture()
        .join()
        .stdout();
  }

  @Test
  void aTokenIsThereAndIsRenewedBeforeItExpires() throws Exception {
    ConcurrentHashMap<TokenProjection, Integer> asked = new ConcurrentHashMap<>();
    SharedNode.node()
        .tokensFrom(
            wanted -> {
              int number = asked.merge(wanted, 1, Integer::sum);
              // The first is to be renewed in 12 seconds, later ones in most of an hour.
              Instant now = Instant.now();
              Duration validity = Duration.ofSeconds(number == 1 ? 15 : 3607);
              return CompletableFuture.completedFuture(
                  new Token("token-" + number, now, now.plus(validity)));
            });
    SharedNode.run("token-pod", spec(""));
    authority();
    SharedNode.awaitPhase("token-pod", "Running");
    assertThat(sh("token-pod", "cd %s; cat token ca.crt namespace".formatted(FOLDER)))
        .isEqualTo("token-1PEMdefault");
    assertThat(
            sh(
                "token-pod",
                "grep -c '%s tmpfs' /proc/mounts".formatted(FOLDER.replaceFirst("/$", ""))))
        .isEqualTo("1\n");
    assertThat(asked)
        .containsOnlyKeys(
            new TokenProjection("default", "token-pod", "token-pod", "robot", "", 3607));
    await("the token is renewed")
        .atMost(SharedNode.PATIENCE)
        .until(() -> sh("token-pod", "cat " + FOLDER + "token").equals("token-2"));
    SharedNode.end("token-pod");
  }

  @Test
  void aRestartedAgentGivesWhatRunsANewToken() throws Exception {
    SharedNode.node().tokensFrom(wanted -> token("before"));
    SharedNode.run("token-stays", spec(""));
    authority();
    SharedNode.awaitPhase("token-stays", "Running");
    SharedNode.node().tokensFrom(wanted -> token("after"));
    SharedNode.restartAgent("token-stays", spec(""));
    authority();
    await("the token is another")
        .atMost(SharedNode.PATIENCE)
        .until(() -> sh("token-stays", "cat " + FOLDER + "token").equals("after"));
    SharedNode.end("token-stays");
  }

  @Test
  void onlyTheGroupReadsTheTokenOfAPodWithOne() throws Exception {
    SharedNode.node().tokensFrom(wanted -> token("grouped"));
    SharedNode.run(
        "token-group", spec("\"securityContext\":{\"fsGroup\":4000,\"runAsUser\":3000},"));
    authority();
    await("it has started or failed")
        .atMost(SharedNode.PATIENCE)
        .until(() -> SharedNode.node().events("token-group", "{c}").size() >= 2);
    var file =
        SharedNode.node()
            .parts()
            .folders()
            .volume("token-group", "projected", "kube-api-access-x")
            .resolve("token")
            .toRealPath();
    assertThat(java.nio.file.Files.getAttribute(file, "unix:gid")).isEqualTo(4000);
    assertThat((Integer) java.nio.file.Files.getAttribute(file, "unix:mode") & 0777)
        .isEqualTo(0640);
    SharedNode.end("token-group");
  }

  @Test
  void withoutATokenThePodWaitsAndSaysWhy() throws Exception {
    SharedNode.node()
        .tokensFrom(
            wanted ->
                CompletableFuture.failedFuture(
                    new IllegalStateException("serviceaccounts \"robot\" not found")));
    SharedNode.run("token-none", spec(""));
    authority();
    await()
        .atMost(SharedNode.PATIENCE)
        .until(() -> !SharedNode.node().events("token-none", "").isEmpty());
    assertThat(SharedNode.node().events("token-none", "").get(0).message())
        .isEqualTo(
            "MountVolume.SetUp failed for volume \"kube-api-access-x\" : failed to fetch token:"
                + " serviceaccounts \"robot\" not found");
    SharedNode.end("token-none");
  }

  private static CompletableFuture<Token> token(String text) {
    Instant now = Instant.now();
    return CompletableFuture.completedFuture(new Token(text, now, now.plusSeconds(3607)));
  }
}
