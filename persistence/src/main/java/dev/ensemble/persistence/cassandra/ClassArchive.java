package dev.ensemble.persistence.cassandra;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * An archive of a program's classes as its JVM wants them in memory (class data sharing), which
 * spares a start most of its reading and verifying. One for each Java and class path. While there
 * is none, a start lists the classes that it loads in {@code loaded.classes}, and beside it leaves
 * the arguments with which {@code java} makes the archive of a copy, {@code archive.classes}.
 * Making it is somebody else's.
 */
final class ClassArchive {
  private final Path archive;
  private final Path loaded;
  private final Path list;
  private final Path arguments;
  private final Path java;

  /**
   * @param prefix the beginning of the archive's path; what Java it is for is added
   * @param folder where the list and the arguments are put
   */
  ClassArchive(Path prefix, Path javaHome, Path folder) throws IOException {
    Path release = javaHome.resolve("release");
    String version = Files.isReadable(release) ? Files.readString(release) : javaHome.toString();
    String name = prefix.getFileName() + "-" + Integer.toHexString(version.hashCode());
    this.archive = prefix.resolveSibling(name + ".jsa");
    this.loaded = folder.resolve("loaded.classes");
    this.list = folder.resolve("archive.classes");
    this.arguments = folder.resolve("archive.args");
    this.java = javaHome.resolve("bin/java");
  }

  /** What to start the program with. An archive that does not fit is passed over by the JVM. */
  List<String> flags(String classPath) throws IOException {
    if (Files.exists(archive)) {
      return List.of("-Xshare:auto", "-XX:SharedArchiveFile=" + archive, "-Xlog:cds*=off");
    }
    Files.createDirectories(archive.getParent());
    // The first line is for who makes the archive: which Java it must be made with.
    Files.write(
        arguments,
        List.of(
            "# " + java,
            "-Xshare:dump",
            "-XX:+UseSerialGC",
            "-XX:SharedClassListFile=" + list,
            "-XX:SharedArchiveFile=" + archive + ".new",
            "-cp",
            classPath));
    return List.of("-XX:DumpLoadedClassList=" + loaded);
  }
}
