package dev.ensemble.http.resource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.ensemble.agent.core.pod.TokenProjection;
import dev.ensemble.agent.pod.TokenSource;
import dev.ensemble.agent.session.ApiTokens;
import dev.ensemble.http.testing.TestServer;
import java.net.http.HttpClient;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The agent's requests for tokens and the API that answers them. */
class AgentTokensContractTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static TestServer server;
  private static TokenSource tokens;
  private static String podUid;

  @BeforeAll
  static void start() throws Exception {
    server = TestServer.start();
    server.send(
        "POST",
        "/api/v1/namespaces/default/serviceaccounts",
        "{\"metadata\":{\"name\":\"robot\"}}");
    podUid =
        JSON.readTree(
                server
                    .send(
                        "POST",
                        "/api/v1/namespaces/default/pods",
                        """
                        {"metadata":{"name":"p"},"spec":{"serviceAccountName":"robot",
                         "containers":[{"name":"c","image":"i"}]}}
                        """)
                    .body())
            .path("metadata")
            .path("uid")
            .asText();
    server.bind("p", "n1");
    tokens =
        new ApiTokens(
            server.client(HttpClient.Version.HTTP_2, Optional.of("node:n1")),
            server.uri(""),
            Clock.systemUTC());
  }

  @AfterAll
  static void stop() throws Exception {
    server.close();
  }

  private static TokenProjection wanted(String uid, String audience) {
    return new TokenProjection("default", "p", uid, "robot", audience, 3607);
  }

  @Test
  void aNodeGetsATokenThatIsItsPods() throws Exception {
    TokenSource.Token token = tokens.request(wanted(podUid, "")).toCompletableFuture().join();
    assertThat(Duration.between(token.issuedAt(), token.expiresAt()))
        .isEqualTo(Duration.ofSeconds(3607));
    assertThat(
            JSON.readTree(
                    server
                        .send(
                            server.client(HttpClient.Version.HTTP_2, Optional.empty()),
                            "POST",
                            "/apis/authentication.k8s.io/v1/selfsubjectreviews",
                            "{}",
                            "Authorization",
                            "Bearer " + token.text())
                        .body())
                .path("status")
                .path("userInfo")
                .path("extra")
                .path("authentication.kubernetes.io/pod-uid")
                .path(0)
                .asText())
        .isEqualTo(podUid);
  }

  @Test
  void whyThereIsNoneIsSaid() {
    assertThatThrownBy(
            () -> tokens.request(wanted("another-uid", "vault")).toCompletableFuture().join())
        .hasMessageContaining("does not match the UID in record");
  }
}
