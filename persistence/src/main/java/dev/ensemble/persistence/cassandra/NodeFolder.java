package dev.ensemble.persistence.cassandra;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The folder of an embedded node: its configuration, written anew at each start, and its logs. */
final class NodeFolder {
  private static final Pattern PLACEHOLDER = Pattern.compile("\\$\\{([a-z-]+)}");
  // What the process prints itself is little; system.log rotates on its own.
  private static final int OUTPUT_FILES = 3;

  private final CassandraSettings.Embedded settings;
  private final Path folder;

  NodeFolder(CassandraSettings.Embedded settings) {
    this.settings = settings;
    this.folder = settings.folder().toAbsolutePath().normalize();
  }

  Path path() {
    return folder;
  }

  PidFile pidFile() {
    return new PidFile(folder.resolve("cassandra.pid"));
  }

  /** What this process may still write there; no bound when that cannot be learned. */
  long roomBytes() {
    try {
      return Files.getFileStore(folder).getUsableSpace();
    } catch (IOException e) {
      return Long.MAX_VALUE;
    }
  }

  Path logs() {
    return folder.resolve("logs");
  }

  Path output() {
    return logs().resolve("output.log");
  }

  /** Writes the configuration; the command that starts the node with it. */
  List<String> prepare(Path javaHome) {
    try {
      Path conf = Files.createDirectories(folder.resolve("conf"));
      Files.createDirectories(logs());
      Map<String, String> values = values();
      write(conf.resolve("cassandra.yaml"), fill(resource("cassandra.yaml"), values));
      write(conf.resolve("logback.xml"), resource("logback.xml"));
      write(
          conf.resolve("cassandra-rackdc.properties"),
          "dc=%s\nrack=%s\n".formatted(settings.datacenter(), settings.rack()));
      rotateOutput();
      TornSegments.mend(folder.resolve("commitlog"));
      return command(javaHome, conf, values);
    } catch (IOException e) {
      throw new CassandraProcessException("cannot prepare " + folder, e);
    }
  }

  private Map<String, String> values() {
    boolean single = settings.seeds().isEmpty();
    return Map.ofEntries(
        Map.entry("cluster-name", settings.clusterName()),
        Map.entry("folder", folder.toString()),
        Map.entry("address", settings.address()),
        Map.entry("native-port", Integer.toString(settings.nativePort())),
        Map.entry("storage-port", Integer.toString(settings.storagePort())),
        Map.entry("seeds", single ? settings.address() : String.join(",", settings.seeds())),
        Map.entry("heap", settings.heapBytes() / 1024 + "k"),
        Map.entry("direct", settings.directBytes() / 1024 + "k"),
        Map.entry("ring-delay-millis", single ? "100" : "5000"),
        Map.entry("gossip-settle-rounds", single ? "0" : "-1"),
        Map.entry("shutdown-announce-millis", single ? "0" : "2000"));
  }

  private List<String> command(Path javaHome, Path conf, Map<String, String> values)
      throws IOException {
    List<String> command = new ArrayList<>();
    Path setsid = Path.of("/usr/bin/setsid");
    if (Files.isExecutable(setsid)) {
      // A session of its own: an interrupt from our terminal must not reach the database first.
      command.add(setsid.toString());
    }
    command.add(javaHome.resolve("bin/java").toString());
    resource("jvm.options")
        .lines()
        .filter(line -> !line.isBlank() && !line.startsWith("#"))
        .map(line -> fill(line, values))
        .forEach(command::add);
    String classPath = classPath();
    if (settings.classArchive().isPresent()) {
      command.addAll(
          new ClassArchive(settings.classArchive().get(), javaHome, conf).flags(classPath));
    }
    command.add("-Dcassandra.config=" + conf.resolve("cassandra.yaml").toUri());
    command.add(
        "-Dcassandra-rackdc.properties=" + conf.resolve("cassandra-rackdc.properties").toUri());
    command.add("-Dcassandra.storagedir=" + folder);
    command.add("-Dcassandra.logdir=" + logs());
    command.add("-Dlogback.configurationFile=" + conf.resolve("logback.xml"));
    command.add("-Dcassandra.jmx.local.port=" + settings.jmxPort());
    command.add("-Dcassandra-foreground=yes");
    command.add("-cp");
    command.add(classPath);
    command.add("dev.ensemble.cassandra.EnsembleDaemon");
    return command;
  }

  private String classPath() throws IOException {
    Path jars = settings.jars().toAbsolutePath().normalize();
    List<String> names = new ArrayList<>();
    if (Files.isDirectory(jars)) {
      try (Stream<Path> files = Files.list(jars)) {
        files
            .map(Path::toString)
            .filter(name -> name.endsWith(".jar"))
            .sorted()
            .forEach(names::add);
      }
    }
    if (names.isEmpty()) {
      throw new CassandraProcessException(
          "there are no jars in "
              + jars
              + " (ensemble.cassandra.embedded.jars): build persistence/cassandra-dist");
    }
    return String.join(":", names);
  }

  private void rotateOutput() throws IOException {
    for (int i = OUTPUT_FILES - 1; i >= 0; i--) {
      Path from = i == 0 ? output() : logs().resolve("output.log." + i);
      if (Files.exists(from)) {
        Files.move(
            from, logs().resolve("output.log." + (i + 1)), StandardCopyOption.REPLACE_EXISTING);
      }
    }
  }

  private static String resource(String name) throws IOException {
    try (InputStream in = NodeFolder.class.getResourceAsStream("/cassandra/" + name)) {
      if (in == null) {
        throw new CassandraProcessException("cassandra/" + name + " is not on the class path");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private static String fill(String template, Map<String, String> values) {
    return PLACEHOLDER
        .matcher(template)
        .replaceAll(
            match -> Matcher.quoteReplacement(values.getOrDefault(match.group(1), match.group())));
  }

  private static void write(Path file, String text) throws IOException {
    Files.writeString(file, text);
  }
}
