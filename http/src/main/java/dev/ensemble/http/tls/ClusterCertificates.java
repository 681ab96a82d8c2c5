package dev.ensemble.http.tls;

import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;

/**
 * The certificates of one cluster in one folder: {@code ca}, {@code apiserver}, {@code admin} and
 * {@code node-NAME}. What is there and good is used again; what is missing, about to expire or of
 * another authority is issued anew.
 */
public final class ClusterCertificates {
  private static final Duration CA_VALIDITY = Duration.ofDays(3650);
  private static final Duration VALIDITY = Duration.ofDays(365);

  /** A certificate with less time than this left is renewed at start. */
  private static final Duration RENEW_BEFORE = Duration.ofDays(30);

  private final PemFiles files;
  private final CertificateAuthority authority;
  private final Supplier<Instant> clock;

  private ClusterCertificates(
      PemFiles files, CertificateAuthority authority, Supplier<Instant> clock) {
    this.files = files;
    this.authority = authority;
    this.clock = clock;
  }

  /** Reads the authority in {@code folder}, or makes one there. */
  public static ClusterCertificates open(Path folder, Supplier<Instant> clock) {
    PemFiles files = new PemFiles(folder);
    Optional<Credential> kept = files.read("ca");
    if (kept.isPresent()) {
      return new ClusterCertificates(files, new CertificateAuthority(kept.get()), clock);
    }
    CertificateAuthority made =
        CertificateAuthority.create("ensemble-ca", clock.get(), CA_VALIDITY);
    files.write("ca", made.root());
    return new ClusterCertificates(files, made, clock);
  }

  public X509Certificate authority() {
    return authority.certificate();
  }

  /** The authority's certificate as PEM, as kube-root-ca.crt carries it. */
  public String authorityPem() {
    return PemFiles.pem(authority.certificate());
  }

  /**
   * The API server's credential; issued anew when it does not name all of {@code dnsNames} and
   * {@code addresses}.
   */
  public Credential server(Collection<String> dnsNames, Collection<String> addresses) {
    Set<String> wanted = new TreeSet<>(dnsNames);
    wanted.addAll(addresses);
    return keep(
        "apiserver",
        credential -> alternativeNames(credential.certificate()).containsAll(wanted),
        () -> authority.issueServer("kube-apiserver", dnsNames, addresses, clock.get(), VALIDITY));
  }

  public Credential admin() {
    return client("admin", "kubernetes-admin", List.of("system:masters"));
  }

  /** The credential of a node's agent. */
  public Credential node(String name) {
    return client("node-" + name, "system:node:" + name, List.of("system:nodes"));
  }

  /**
   * The keys that sign tokens of service accounts, on P-256: {@code sa.key} and {@code sa.pub}.
   * They do not expire; tokens are good as long as the keys stay.
   */
  public KeyPair tokenKeys() {
    return files
        .readKeys("sa")
        .orElseGet(
            () -> {
              KeyPair made = CertificateAuthority.newKeys();
              files.write("sa", made);
              return made;
            });
  }

  /** Writes {@code admin.conf} beside the certificates. */
  public Path writeAdminKubeconfig(String server) {
    return writeKubeconfig("admin", server, "kubernetes-admin", admin());
  }

  /** Writes {@code node-NAME.conf} beside the certificates. */
  public Path writeNodeKubeconfig(String node, String server) {
    return writeKubeconfig("node-" + node, server, "system:node:" + node, node(node));
  }

  private Path writeKubeconfig(String file, String server, String user, Credential credential) {
    Path path = files.certificateFile(file).resolveSibling(file + ".conf");
    PemFiles.writePrivately(
        path, Kubeconfig.of(server, authority.certificate(), user, credential).yaml());
    return path;
  }

  private Credential client(String file, String user, List<String> groups) {
    return keep(
        file, credential -> true, () -> authority.issueClient(user, groups, clock.get(), VALIDITY));
  }

  private Credential keep(
      String name, java.util.function.Predicate<Credential> stillFits, Supplier<Credential> issue) {
    Optional<Credential> kept = files.read(name).filter(this::isOursAndFresh).filter(stillFits);
    if (kept.isPresent()) {
      return kept.get();
    }
    Credential issued = issue.get();
    files.write(name, issued);
    return issued;
  }

  private boolean isOursAndFresh(Credential credential) {
    try {
      credential.certificate().verify(authority.certificate().getPublicKey());
    } catch (GeneralSecurityException e) {
      return false;
    }
    return credential
        .certificate()
        .getNotAfter()
        .toInstant()
        .isAfter(clock.get().plus(RENEW_BEFORE));
  }

  private static Set<String> alternativeNames(X509Certificate certificate) {
    try {
      Set<String> names = new HashSet<>();
      Collection<List<?>> entries = certificate.getSubjectAlternativeNames();
      if (entries != null) {
        entries.forEach(entry -> names.add(String.valueOf(entry.get(1))));
      }
      return names;
    } catch (CertificateParsingException e) {
      throw new IllegalStateException("a certificate of ours does not parse", e);
    }
  }
}
