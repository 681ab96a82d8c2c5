package dev.ensemble.http.tls;

import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.util.Base64;

/** A kubeconfig file for one user of one cluster, with all certificates inside. */
public record Kubeconfig(String server, String authorityPem, String user, Credential credential) {

  static Kubeconfig of(
      String server, X509Certificate authority, String user, Credential credential) {
    return new Kubeconfig(server, PemFiles.pem(authority), user, credential);
  }

  public String yaml() {
    return String.join(
        "\n",
        "apiVersion: v1",
        "kind: Config",
        "clusters:",
        "- name: ensemble",
        "  cluster:",
        "    server: " + server,
        "    certificate-authority-data: " + base64(authorityPem),
        "contexts:",
        "- name: " + user + "@ensemble",
        "  context:",
        "    cluster: ensemble",
        "    user: " + user,
        "current-context: " + user + "@ensemble",
        "users:",
        "- name: " + user,
        "  user:",
        "    client-certificate-data: " + base64(PemFiles.pem(credential.certificate())),
        "    client-key-data: " + base64(PemFiles.pem(credential.key())),
        "");
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.US_ASCII));
  }
}
