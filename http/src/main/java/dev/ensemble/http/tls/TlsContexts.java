package dev.ensemble.http.tls;

import java.io.IOException;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;

/** TLS contexts made of credentials. */
public final class TlsContexts {
  private static final String FASTEST_SUITE = "TLS_AES_128_GCM_SHA256";
  private static final char[] NO_PASSWORD = new char[0];

  private TlsContexts() {}

  /**
   * For the API server. The handshake takes any client certificate; whether it is worth anything is
   * judged by the authenticator, so that a foreign one is answered 401 and not by a broken
   * connection.
   */
  public static SSLContext server(Credential credential, X509Certificate authority) {
    return context(
        Optional.of(credential), authority, new TrustManager[] {new AcceptAnyClient(authority)});
  }

  /**
   * The server's end of one connection. Of what the client offers the fastest of the strong cipher
   * suites is taken, as Go's servers do; the JDK would prefer keys of 256 bits.
   */
  public static SSLEngine serverEngine(SSLContext server) {
    SSLEngine engine = server.createSSLEngine();
    engine.setUseClientMode(false);
    engine.setWantClientAuth(true);
    List<String> suites = new ArrayList<>(List.of(engine.getEnabledCipherSuites()));
    if (suites.remove(FASTEST_SUITE)) {
      suites.add(0, FASTEST_SUITE);
      SSLParameters parameters = engine.getSSLParameters();
      parameters.setCipherSuites(suites.toArray(String[]::new));
      parameters.setUseCipherSuitesOrder(true);
      engine.setSSLParameters(parameters);
    }
    return new FrameEngine(engine);
  }

  /** For a client that trusts {@code authority} and shows {@code credential}, if any. */
  public static SSLContext client(Optional<Credential> credential, X509Certificate authority) {
    try {
      KeyStore trusted = emptyStore();
      trusted.setCertificateEntry("ca", authority);
      TrustManagerFactory trust =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      trust.init(trusted);
      return context(credential, authority, trust.getTrustManagers());
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException("cannot set TLS up", e);
    }
  }

  private static SSLContext context(
      Optional<Credential> credential, X509Certificate authority, TrustManager[] trust) {
    try {
      KeyStore keys = emptyStore();
      if (credential.isPresent()) {
        keys.setKeyEntry(
            "own",
            credential.get().key(),
            NO_PASSWORD,
            new Certificate[] {credential.get().certificate(), authority});
      }
      KeyManagerFactory managers =
          KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
      managers.init(keys, NO_PASSWORD);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(managers.getKeyManagers(), trust, null);
      return context;
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException("cannot set TLS up", e);
    }
  }

  private static KeyStore emptyStore() throws GeneralSecurityException, IOException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, NO_PASSWORD);
    return store;
  }

  /** Names the authority in the certificate request and leaves the judgement to later. */
  private static final class AcceptAnyClient extends X509ExtendedTrustManager {
    private final X509Certificate authority;

    AcceptAnyClient(X509Certificate authority) {
      this.authority = authority;
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[] {authority};
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType)
        throws CertificateException {
      throw new CertificateException("this context is for servers");
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket)
        throws CertificateException {
      throw new CertificateException("this context is for servers");
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
        throws CertificateException {
      throw new CertificateException("this context is for servers");
    }
  }
}
