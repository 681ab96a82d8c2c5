package dev.ensemble.http.auth;

import akka.http.javadsl.model.AttributeKey;
import akka.http.javadsl.model.AttributeKeys;
import akka.http.javadsl.model.HttpHeader;
import akka.http.javadsl.model.HttpRequest;
import akka.http.javadsl.model.SslSessionInfo;
import dev.ensemble.http.status.Statuses;
import java.security.GeneralSecurityException;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;

/**
 * Finds out who asks: the client certificate's common name is the user, its organizations are the
 * groups. Without a certificate the user is anonymous. A certificate or token that is not good is
 * 401.
 */
public final class Authenticator {
  private static final String SESSION_USER = "dev.ensemble.user";
  private static final String CLIENT_AUTH = "1.3.6.1.5.5.7.3.2";
  private static final String ANY_PURPOSE = "2.5.29.37.0";
  private static final AttributeKey<SslSessionInfo> SESSION = AttributeKeys.sslSession;

  private final X509Certificate authority;
  private final Tokens tokens;
  private final Supplier<Instant> clock;

  public Authenticator(X509Certificate authority, Tokens tokens, Supplier<Instant> clock) {
    this.authority = authority;
    this.tokens = tokens;
    this.clock = clock;
  }

  /** Bearer tokens, such as those of service accounts. */
  @FunctionalInterface
  public interface Tokens {
    Tokens NONE = token -> Optional.empty();

    /** Who signs tokens here. */
    String ISSUER = "https://kubernetes.default.svc.cluster.local";

    /** Tokens for this API are for this audience. */
    String AUDIENCE = ISSUER;

    /** Empty when the token is not good, whatever is wrong with it. */
    Optional<Identity> identify(String token);

    /** Whom a token stands for, and before whom. */
    record Identity(User user, List<String> audiences) {
      public Identity {
        audiences = List.copyOf(audiences);
      }
    }
  }

  /**
   * @throws dev.ensemble.http.status.StatusException 401
   */
  public User authenticate(HttpRequest request) {
    Optional<String> bearer = bearer(request);
    if (bearer.isPresent()) {
      return tokens
          .identify(bearer.get())
          .filter(identity -> identity.audiences().contains(Tokens.AUDIENCE))
          .map(Tokens.Identity::user)
          .orElseThrow(Statuses::unauthorized);
    }
    Optional<SslSessionInfo> info = request.getAttribute(SESSION);
    return info.isEmpty() ? User.ANONYMOUS : ofSession(info.get().getSession());
  }

  /**
   * The user to act as: the one that Impersonate headers name, when there are any. Whether the real
   * user may do so is for the caller to ask.
   */
  public static Optional<User> impersonated(HttpRequest request) {
    Optional<HttpHeader> name = request.getHeader("Impersonate-User");
    List<String> groups = new ArrayList<>();
    Map<String, List<String>> extra = new LinkedHashMap<>();
    String uid = "";
    for (HttpHeader header : request.getHeaders()) {
      String lower = header.lowercaseName();
      if (!lower.startsWith("impersonate-")) {
        continue;
      }
      if (lower.equals("impersonate-group")) {
        groups.add(header.value());
      } else if (lower.equals("impersonate-uid")) {
        uid = header.value();
      } else if (lower.startsWith("impersonate-extra-")) {
        String key = lower.substring("impersonate-extra-".length()).toLowerCase(Locale.ROOT);
        extra.computeIfAbsent(key, k -> new ArrayList<>()).add(header.value());
      }
    }
    if (name.isEmpty() || name.get().value().isEmpty()) {
      if (!groups.isEmpty() || !extra.isEmpty() || !uid.isEmpty()) {
        throw Statuses.internal("requested impersonation without impersonating a user");
      }
      return Optional.empty();
    }
    String user = name.get().value();
    if (!user.equals(User.ANONYMOUS.name()) && !groups.contains(User.AUTHENTICATED)) {
      groups.add(User.AUTHENTICATED);
    }
    return Optional.of(new User(user, uid, groups, extra));
  }

  private User ofSession(SSLSession session) {
    if (session.getValue(SESSION_USER) instanceof Known known
        && known.expires().isAfter(clock.get())) {
      return known.user();
    }
    Certificate[] chain;
    try {
      chain = session.getPeerCertificates();
    } catch (SSLPeerUnverifiedException e) {
      return User.ANONYMOUS;
    }
    if (chain.length == 0 || !(chain[0] instanceof X509Certificate certificate)) {
      return User.ANONYMOUS;
    }
    verify(certificate);
    User user = ofSubject(certificate);
    session.putValue(SESSION_USER, new Known(user, certificate.getNotAfter().toInstant()));
    return user;
  }

  private record Known(User user, Instant expires) {}

  private void verify(X509Certificate certificate) {
    try {
      certificate.verify(authority.getPublicKey());
      certificate.checkValidity(Date.from(clock.get()));
      List<String> purposes = certificate.getExtendedKeyUsage();
      if (purposes == null || !(purposes.contains(CLIENT_AUTH) || purposes.contains(ANY_PURPOSE))) {
        throw Statuses.unauthorized();
      }
    } catch (GeneralSecurityException e) {
      throw Statuses.unauthorized();
    }
  }

  private static User ofSubject(X509Certificate certificate) {
    String name = "";
    List<String> groups = new ArrayList<>();
    try {
      List<Rdn> rdns = new LdapName(certificate.getSubjectX500Principal().getName()).getRdns();
      for (Rdn rdn : rdns) {
        if (rdn.getType().equalsIgnoreCase("CN")) {
          name = String.valueOf(rdn.getValue());
        } else if (rdn.getType().equalsIgnoreCase("O")) {
          groups.add(String.valueOf(rdn.getValue()));
        }
      }
    } catch (InvalidNameException e) {
      throw Statuses.unauthorized();
    }
    if (name.isEmpty()) {
      throw Statuses.unauthorized();
    }
    return User.authenticated(name, groups);
  }

  private static Optional<String> bearer(HttpRequest request) {
    return request
        .getHeader("Authorization")
        .map(HttpHeader::value)
        .filter(value -> value.regionMatches(true, 0, "Bearer ", 0, 7))
        .map(value -> value.substring(7).trim())
        .filter(token -> !token.isEmpty());
  }
}
