package dev.ensemble.http.tls;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.cert.CertificateEncodingException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import java.util.EnumSet;
import java.util.Optional;

/** Credentials as PEM in a folder: {@code NAME.crt} and {@code NAME.key}. */
final class PemFiles {
  private static final Base64.Encoder LINES =
      Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII));

  private final Path folder;

  PemFiles(Path folder) {
    this.folder = folder;
  }

  /** Empty when one of the two files is missing. */
  Optional<Credential> read(String name) {
    Path certificate = certificateFile(name);
    Path key = keyFile(name);
    if (!Files.exists(certificate) || !Files.exists(key)) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          new Credential(
              parseCertificate(Files.readAllBytes(certificate)), parseKey(Files.readString(key))));
    } catch (IOException | GeneralSecurityException e) {
      throw new IllegalStateException("cannot read the credential " + certificate, e);
    }
  }

  void write(String name, Credential credential) {
    writePrivately(keyFile(name), pem("PRIVATE KEY", credential.key().getEncoded()));
    writePrivately(certificateFile(name), pem(credential.certificate()));
  }

  /** Keys without a certificate; empty when one of the two files is missing. */
  Optional<KeyPair> readKeys(String name) {
    Path pub = folder.resolve(name + ".pub");
    Path key = keyFile(name);
    if (!Files.exists(pub) || !Files.exists(key)) {
      return Optional.empty();
    }
    try {
      X509EncodedKeySpec spec = new X509EncodedKeySpec(content(Files.readString(pub)));
      return Optional.of(
          new KeyPair(
              KeyFactory.getInstance("EC").generatePublic(spec), parseKey(Files.readString(key))));
    } catch (IOException | GeneralSecurityException e) {
      throw new IllegalStateException("cannot read the keys " + key, e);
    }
  }

  void write(String name, KeyPair keys) {
    writePrivately(keyFile(name), pem(keys.getPrivate()));
    writePrivately(folder.resolve(name + ".pub"), pem("PUBLIC KEY", keys.getPublic().getEncoded()));
  }

  Path certificateFile(String name) {
    return folder.resolve(name + ".crt");
  }

  Path keyFile(String name) {
    return folder.resolve(name + ".key");
  }

  static String pem(X509Certificate certificate) {
    try {
      return pem("CERTIFICATE", certificate.getEncoded());
    } catch (CertificateEncodingException e) {
      throw new IllegalStateException("a certificate does not encode", e);
    }
  }

  static String pem(PrivateKey key) {
    return pem("PRIVATE KEY", key.getEncoded());
  }

  /** Replaces the file as a whole; it is readable by its owner only from its first byte on. */
  static void writePrivately(Path file, String text) {
    try {
      Files.createDirectories(
          file.getParent(),
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
      Path fresh = file.resolveSibling(file.getFileName() + ".new");
      Files.deleteIfExists(fresh);
      try (var channel =
          Files.newByteChannel(
              fresh,
              EnumSet.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
              PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))) {
        var bytes = java.nio.ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
        while (bytes.hasRemaining()) {
          channel.write(bytes);
        }
      }
      Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write " + file, e);
    }
  }

  private static String pem(String type, byte[] der) {
    return "-----BEGIN "
        + type
        + "-----\n"
        + LINES.encodeToString(der)
        + "\n-----END "
        + type
        + "-----\n";
  }

  private static X509Certificate parseCertificate(byte[] pem) throws GeneralSecurityException {
    return (X509Certificate)
        CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(pem));
  }

  private static PrivateKey parseKey(String pem) throws GeneralSecurityException {
    return KeyFactory.getInstance("EC").generatePrivate(new PKCS8EncodedKeySpec(content(pem)));
  }

  private static byte[] content(String pem) {
    return Base64.getMimeDecoder().decode(pem.replaceAll("-----[A-Z ]+-----", ""));
  }
}
