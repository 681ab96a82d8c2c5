package dev.ensemble.http.auth;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import dev.ensemble.actors.view.StoredObject;
import dev.ensemble.core.entity.ObjectCommand;
import dev.ensemble.core.object.ObjectKey;
import dev.ensemble.core.resource.BuiltInResources;
import dev.ensemble.http.read.Views;
import dev.ensemble.http.testing.MemoryObjectStore;
import dev.ensemble.persistence.format.Provenance;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ServiceAccountTokensTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final ObjectKey ACCOUNT = ObjectKey.of("serviceaccounts", "ns", "robot");
  private static final ObjectKey POD = ObjectKey.of("pods", "ns", "p");
  private static final String HERE = Authenticator.Tokens.AUDIENCE;
  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

  private final MemoryObjectStore store = new MemoryObjectStore(BuiltInResources.types());
  private final Views views = new Views(store, BuiltInResources.types());
  private Instant now = START;
  private ServiceAccountTokens tokens;

  @BeforeEach
  void makeAccountAndPod() throws Exception {
    tokens = new ServiceAccountTokens(views, keys(), () -> now);
    create(ACCOUNT, "ServiceAccount", "account-1");
    create(POD, "Pod", "pod-1");
  }

  @Test
  void aTokenStandsForItsAccountAndPod() throws Exception {
    String token = tokens.issue(grant(Optional.of(pod())));
    String id = SignedJWT.parse(token).getJWTClaimsSet().getJWTID();
    assertThat(tokens.identify(token))
        .contains(
            new Authenticator.Tokens.Identity(
                new User(
                    "system:serviceaccount:ns:robot",
                    "account-1",
                    List.of(
                        "system:serviceaccounts",
                        "system:serviceaccounts:ns",
                        "system:authenticated"),
                    Map.of(
                        "authentication.kubernetes.io/credential-id", List.of("JTI=" + id),
                        "authentication.kubernetes.io/pod-name", List.of("p"),
                        "authentication.kubernetes.io/pod-uid", List.of("pod-1"))),
                List.of(HERE)));
  }

  @Test
  void aTokenEndsWithItsTime() {
    String token = tokens.issue(grant(Optional.empty()));
    now = START.plusSeconds(599);
    assertThat(tokens.identify(token)).isPresent();
    now = START.plusSeconds(600);
    assertThat(tokens.identify(token)).isEmpty();
    now = START.minusSeconds(1);
    assertThat(tokens.identify(token)).isEmpty();
  }

  @Test
  void aTokenDoesNotOutliveItsPodOrAccountNorPassToTheirSuccessors() throws Exception {
    String bound = tokens.issue(grant(Optional.of(pod())));
    String free = tokens.issue(grant(Optional.empty()));
    delete(POD);
    assertThat(tokens.identify(bound)).isEmpty();
    create(POD, "Pod", "pod-2");
    assertThat(tokens.identify(bound)).isEmpty();
    assertThat(tokens.identify(free)).isPresent();
    delete(ACCOUNT);
    create(ACCOUNT, "ServiceAccount", "account-2");
    assertThat(tokens.identify(free)).isEmpty();
  }

  @Test
  void whatWeDidNotSignIsNobody() throws Exception {
    String token = tokens.issue(grant(Optional.empty()));
    SignedJWT good = SignedJWT.parse(token);
    SignedJWT mac = new SignedJWT(new JWSHeader(JWSAlgorithm.HS256), good.getJWTClaimsSet());
    mac.sign(new MACSigner(new byte[32]));
    String others =
        new ServiceAccountTokens(views, keys(), () -> now).issue(grant(Optional.empty()));
    for (String forged :
        List.of(
            "",
            "x",
            "a.b.c",
            token.substring(0, token.length() - 8),
            token.substring(0, token.lastIndexOf('.') + 1),
            new PlainJWT(good.getJWTClaimsSet()).serialize(),
            mac.serialize(),
            others,
            "a".repeat(100_000))) {
      assertThat(tokens.identify(forged)).as(forged).isEmpty();
    }
  }

  private ServiceAccountTokens.Grant grant(Optional<ServiceAccountTokens.Bound> bound) {
    StoredObject account = views.find(ACCOUNT.resource(), "ns", "robot").orElseThrow();
    return new ServiceAccountTokens.Grant(account, List.of(HERE), bound, Duration.ofMinutes(10));
  }

  private static ServiceAccountTokens.Bound pod() {
    return new ServiceAccountTokens.Bound("pod", "p", "pod-1", Optional.empty());
  }

  private void create(ObjectKey key, String kind, String uid) throws Exception {
    submit(
        key,
        new ObjectCommand.Create(
            (ObjectNode)
                JSON.readTree(
                    """
                    {"apiVersion":"v1","kind":"%s","metadata":{"name":"%s","namespace":"ns","uid":"%s"}}
                    """
                        .formatted(kind, key.name(), uid))));
  }

  private void delete(ObjectKey key) throws Exception {
    submit(
        key,
        new ObjectCommand.Delete(
            Optional.empty(),
            OptionalLong.empty(),
            OptionalLong.of(0),
            ObjectCommand.Propagation.DEFAULT));
  }

  private void submit(ObjectKey key, ObjectCommand command) throws Exception {
    store
        .submit(key, command, Provenance.internal("test", now, Optional.empty()))
        .toCompletableFuture()
        .get();
  }

  private static KeyPair keys() throws Exception {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(new ECGenParameterSpec("secp256r1"));
    return generator.generateKeyPair();
  }
}
