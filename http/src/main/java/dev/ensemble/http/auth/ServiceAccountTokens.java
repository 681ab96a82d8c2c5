package dev.ensemble.http.auth;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.util.Base64URL;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import dev.ensemble.actors.view.StoredObject;
import dev.ensemble.core.object.ResourceName;
import dev.ensemble.http.read.Views;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.MessageDigest;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.ECPublicKey;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;

/**
 * Signs tokens of service accounts (KEP-1205) and says whose a token is. A token is good as long as
 * its time lasts and the account, and what it was bound to, are the same objects still.
 */
public final class ServiceAccountTokens implements Authenticator.Tokens {
  /** Longer texts are no tokens of ours. */
  private static final int TOKEN_CHARS_MAX = 16 * 1024;

  /** How long the token of a terminating pod goes on, for its last words (as upstream). */
  private static final Duration LEEWAY_OF_DELETED = Duration.ofSeconds(60);

  private static final ResourceName ACCOUNTS = ResourceName.parse("serviceaccounts");
  private static final String PRIVATE_CLAIM = "kubernetes.io";
  private static final String SUBJECT_PREFIX = "system:serviceaccount:";
  private static final String ALL_ACCOUNTS = "system:serviceaccounts";
  private static final String EXTRA_PREFIX = "authentication.kubernetes.io/";

  private final Views views;
  private final Supplier<Instant> clock;
  private final ECDSASigner signer;
  private final ECDSAVerifier verifier;
  private final String keyId;

  /**
   * @param keys of the curve P-256
   */
  public ServiceAccountTokens(Views views, KeyPair keys, Supplier<Instant> clock) {
    this.views = views;
    this.clock = clock;
    try {
      this.signer = new ECDSASigner((ECPrivateKey) keys.getPrivate());
      this.verifier = new ECDSAVerifier((ECPublicKey) keys.getPublic());
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(keys.getPublic().getEncoded());
      this.keyId = Base64URL.encode(digest).toString();
    } catch (JOSEException | GeneralSecurityException e) {
      throw new IllegalStateException("the key for tokens is no key of P-256", e);
    }
  }

  /**
   * What a token says.
   *
   * @param bound the object that it ends with, if there is one
   */
  public record Grant(
      StoredObject account, List<String> audiences, Optional<Bound> bound, Duration validity) {
    public Grant {
      audiences = List.copyOf(audiences);
    }
  }

  /**
   * @param kind pod, secret or node: the claim's name
   * @param node the pod's node, empty for others and for pods that have none yet
   */
  public record Bound(String kind, String name, String uid, Optional<Bound> node) {}

  public String issue(Grant grant) {
    Instant now = clock.get();
    String namespace = grant.account().key().namespace();
    String name = grant.account().key().name();
    Map<String, Object> about = new LinkedHashMap<>();
    about.put("namespace", namespace);
    about.put("serviceaccount", Map.of("name", name, "uid", grant.account().uid()));
    grant.bound().ifPresent(bound -> put(about, bound));
    JWTClaimsSet claims =
        new JWTClaimsSet.Builder()
            .issuer(ISSUER)
            .subject(SUBJECT_PREFIX + namespace + ":" + name)
            .audience(grant.audiences())
            .jwtID(UUID.randomUUID().toString())
            .issueTime(Date.from(now))
            .notBeforeTime(Date.from(now))
            .expirationTime(Date.from(now.plus(grant.validity())))
            .claim(PRIVATE_CLAIM, about)
            .build();
    SignedJWT token =
        new SignedJWT(new JWSHeader.Builder(JWSAlgorithm.ES256).keyID(keyId).build(), claims);
    try {
      token.sign(signer);
    } catch (JOSEException e) {
      throw new IllegalStateException("cannot sign a token", e);
    }
    return token.serialize();
  }

  private static void put(Map<String, Object> about, Bound bound) {
    about.put(bound.kind(), Map.of("name", bound.name(), "uid", bound.uid()));
    bound.node().ifPresent(node -> put(about, node));
  }

  @Override
  public Optional<Identity> identify(String text) {
    if (text.length() > TOKEN_CHARS_MAX) {
      return Optional.empty();
    }
    try {
      SignedJWT token = SignedJWT.parse(text);
      if (!token.getHeader().getAlgorithm().equals(JWSAlgorithm.ES256) || !token.verify(verifier)) {
        return Optional.empty();
      }
      return identity(token.getJWTClaimsSet());
    } catch (ParseException | JOSEException e) {
      return Optional.empty();
    }
  }

  private Optional<Identity> identity(JWTClaimsSet claims) throws ParseException {
    Instant now = clock.get();
    Date expires = claims.getExpirationTime();
    Date begins = claims.getNotBeforeTime();
    if (!ISSUER.equals(claims.getIssuer())
        || expires == null
        || !now.isBefore(expires.toInstant())
        || (begins != null && now.isBefore(begins.toInstant()))) {
      return Optional.empty();
    }
    Map<String, Object> about = claims.getJSONObjectClaim(PRIVATE_CLAIM);
    if (about == null || !(about.get("namespace") instanceof String namespace)) {
      return Optional.empty();
    }
    Optional<Reference> account = Reference.of(about, "serviceaccount");
    if (account.isEmpty()
        || !alive(ACCOUNTS, namespace, account.get(), now)
        || !boundAlive("pod", "pods", namespace, about, now)
        || !boundAlive("secret", "secrets", namespace, about, now)
        || !(about.containsKey("pod") || boundAlive("node", "nodes", "", about, now))) {
      return Optional.empty();
    }
    String name = SUBJECT_PREFIX + namespace + ":" + account.get().name();
    User user =
        new User(
            name,
            account.get().uid(),
            List.of(ALL_ACCOUNTS, ALL_ACCOUNTS + ":" + namespace, User.AUTHENTICATED),
            extra(claims, about));
    return name.equals(claims.getSubject())
        ? Optional.of(new Identity(user, claims.getAudience()))
        : Optional.empty();
  }

  private static Map<String, List<String>> extra(JWTClaimsSet claims, Map<String, Object> about) {
    Map<String, List<String>> extra = new LinkedHashMap<>();
    if (claims.getJWTID() != null) {
      extra.put(EXTRA_PREFIX + "credential-id", List.of("JTI=" + claims.getJWTID()));
    }
    for (String kind : List.of("pod", "node")) {
      Reference.of(about, kind)
          .ifPresent(
              reference -> {
                extra.put(EXTRA_PREFIX + kind + "-name", List.of(reference.name()));
                extra.put(EXTRA_PREFIX + kind + "-uid", List.of(reference.uid()));
              });
    }
    return extra;
  }

  private boolean boundAlive(
      String claim, String resource, String namespace, Map<String, Object> about, Instant now) {
    if (!about.containsKey(claim)) {
      return true;
    }
    return Reference.of(about, claim)
        .filter(found -> alive(ResourceName.parse(resource), namespace, found, now))
        .isPresent();
  }

  private boolean alive(ResourceName resource, String namespace, Reference wanted, Instant now) {
    Optional<StoredObject> found = views.find(resource, namespace, wanted.name());
    if (found.isEmpty() || !found.get().uid().equals(wanted.uid())) {
      return false;
    }
    String deleted = found.get().tree().path("metadata").path("deletionTimestamp").asText("");
    return deleted.isEmpty() || now.isBefore(Instant.parse(deleted).plus(LEEWAY_OF_DELETED));
  }

  /** An object named in a claim. */
  private record Reference(String name, String uid) {
    static Optional<Reference> of(Map<String, Object> about, String claim) {
      return about.get(claim) instanceof Map<?, ?> reference
              && reference.get("name") instanceof String name
              && reference.get("uid") instanceof String uid
          ? Optional.of(new Reference(name, uid))
          : Optional.empty();
    }
  }
}
