package dev.ensemble.persistence.cassandra;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Properties;

/** Finds a Java that Cassandra 5.0 runs on: 17, or else 11. It does not start on 24 and newer. */
final class JavaRuntimes {
  private static final Path SYSTEM = Path.of("/usr/lib/jvm");

  private JavaRuntimes() {}

  /**
   * The home of a fitting Java: {@code configured} or none other when given, else that of the
   * variable JAVA17_HOME, our own, or one of the system's.
   */
  static Path find(Optional<Path> configured) {
    if (configured.isPresent()) {
      if (!fits(configured.get())) {
        throw new CassandraProcessException(
            "ensemble.cassandra.embedded.java-home = "
                + configured.get()
                + " is no Java 17 or 11: Cassandra 5.0 does not run on it");
      }
      return configured.get();
    }
    List<Path> candidates = new ArrayList<>();
    Optional.ofNullable(System.getenv("JAVA17_HOME")).map(Path::of).ifPresent(candidates::add);
    candidates.add(Path.of(System.getProperty("java.home")));
    candidates.addAll(installed());
    for (int version : List.of(17, 11)) {
      for (Path home : candidates) {
        if (version(home) == version && Files.isExecutable(home.resolve("bin/java"))) {
          return home;
        }
      }
    }
    throw new CassandraProcessException(
        "Cassandra 5.0 needs Java 17 or 11 and there is none in "
            + candidates
            + ": install one, or set JAVA17_HOME");
  }

  private static boolean fits(Path home) {
    int version = version(home);
    return (version == 17 || version == 11) && Files.isExecutable(home.resolve("bin/java"));
  }

  private static List<Path> installed() {
    List<Path> homes = new ArrayList<>();
    if (Files.isDirectory(SYSTEM)) {
      try (DirectoryStream<Path> entries = Files.newDirectoryStream(SYSTEM)) {
        entries.forEach(homes::add);
      } catch (IOException e) {
        throw new CassandraProcessException("cannot list " + SYSTEM, e);
      }
    }
    homes.sort(null);
    return homes;
  }

  /** The feature version by the file {@code release}; 0 when there is none. */
  private static int version(Path home) {
    Path release = home.resolve("release");
    if (!Files.isReadable(release)) {
      return 0;
    }
    Properties properties = new Properties();
    try (Reader reader = Files.newBufferedReader(release)) {
      properties.load(reader);
      String version = properties.getProperty("JAVA_VERSION", "0").replace("\"", "");
      return Integer.parseInt(version.split("[.+-]", 2)[0]);
    } catch (IOException | NumberFormatException e) {
      return 0;
    }
  }
}
