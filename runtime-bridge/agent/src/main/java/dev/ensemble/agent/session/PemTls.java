package dev.ensemble.agent.session;

import dev.ensemble.agent.AgentSettings;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** TLS from PEM files: certificates, and a key in PKCS #8 (BEGIN PRIVATE KEY). */
public final class PemTls {
  private static final char[] PASSWORD = "in-memory".toCharArray();

  private static final Duration POLL = Duration.ofMillis(50);

  private PemTls() {}

  /**
   * Returns when all files are there. Blocks.
   *
   * @throws TimeoutException naming the one that does not come
   */
  public static void await(AgentSettings.Tls files, Duration timeout)
      throws InterruptedException, TimeoutException {
    Instant deadline = Instant.now().plus(timeout);
    for (Path file : List.of(files.caFile(), files.certificateFile(), files.keyFile())) {
      while (!Files.exists(file)) {
        if (Instant.now().isAfter(deadline)) {
          throw new TimeoutException("there is no " + file);
        }
        TimeUnit.MILLISECONDS.sleep(POLL.toMillis());
      }
    }
  }

  public static SSLContext context(AgentSettings.Tls files)
      throws IOException, GeneralSecurityException {
    KeyStore trusted = empty();
    int number = 0;
    for (Certificate authority : certificates(files.caFile())) {
      trusted.setCertificateEntry("ca-" + number++, authority);
    }
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(trusted);
    KeyStore own = empty();
    own.setKeyEntry(
        "node",
        key(files.keyFile()),
        PASSWORD,
        certificates(files.certificateFile()).toArray(Certificate[]::new));
    KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    keys.init(own, PASSWORD);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(keys.getKeyManagers(), trust.getTrustManagers(), new SecureRandom());
    return context;
  }

  private static KeyStore empty() throws IOException, GeneralSecurityException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, PASSWORD);
    return store;
  }

  private static Collection<? extends Certificate> certificates(Path file)
      throws IOException, GeneralSecurityException {
    try (InputStream in = new ByteArrayInputStream(Files.readAllBytes(file))) {
      return CertificateFactory.getInstance("X.509").generateCertificates(in);
    }
  }

  private static PrivateKey key(Path file) throws IOException, GeneralSecurityException {
    String pem = Files.readString(file);
    if (!pem.contains("-----BEGIN PRIVATE KEY-----")) {
      throw new GeneralSecurityException(
          file + " is not a PKCS #8 key (BEGIN PRIVATE KEY); openssl pkcs8 -topk8 converts it");
    }
    byte[] der =
        Base64.getMimeDecoder()
            .decode(
                pem.substring(pem.indexOf("-----BEGIN PRIVATE KEY-----") + 27)
                    .replaceFirst("(?s)-----END PRIVATE KEY-----.*", ""));
    for (String algorithm : List.of("EC", "RSA", "Ed25519")) {
      try {
        return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(der));
      } catch (InvalidKeySpecException e) {
        // The next algorithm is tried.
      }
    }
    throw new GeneralSecurityException(file + " is of no known kind of key");
  }
}
