package dev.ensemble.agent.pod;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Debian's docker-registry on loopback, with a folder of its own. */
final class LocalRegistry implements AutoCloseable {
  /** robot, whose password is secret. */
  private static final String HTPASSWD =
      "robot:$2b$05$abcdefghijklmnopqrstuuOQiyCxlgf/oeuTqixKmWdcYUh4Hjl0a\n";

  private final Path folder;
  private final int port;
  private final Process process;
  private final List<String> login;

  private LocalRegistry(Path folder, int port, Process process, List<String> login) {
    this.folder = folder;
    this.port = port;
    this.process = process;
    this.login = login;
  }

  /** For everybody. */
  static LocalRegistry open() throws Exception {
    return start("", List.of());
  }

  /** For robot only. */
  static LocalRegistry locked() throws Exception {
    return start(
        "auth:\n  htpasswd:\n    realm: test\n    path: FOLDER/htpasswd\n",
        List.of("--dest-creds", "robot:secret"));
  }

  private static LocalRegistry start(String more, List<String> login) throws Exception {
    Path folder = Files.createTempDirectory("ens-registry");
    int port = freePort();
    Files.writeString(folder.resolve("htpasswd"), HTPASSWD);
    Path config = folder.resolve("config.yml");
    String text =
        "version: 0.1\n"
            + "log:\n"
            + "  level: error\n"
            + "storage:\n"
            + "  filesystem:\n"
            + "    rootdirectory: FOLDER/data\n"
            + "http:\n"
            + "  addr: 127.0.0.1:PORT\n"
            + more;
    Files.writeString(config, text.replace("FOLDER", folder.toString()).replace("PORT", "" + port));
    Process process =
        new ProcessBuilder("docker-registry", "serve", config.toString())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("log").toFile())
            .start();
    await("the registry listens")
        .atMost(Duration.ofSeconds(30))
        .ignoreExceptions()
        .until(
            () -> {
              new Socket(InetAddress.getLoopbackAddress(), port).close();
              return true;
            });
    return new LocalRegistry(folder, port, process, login);
  }

  private static int freePort() throws Exception {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  String host() {
    return "127.0.0.1:" + port;
  }

  /** Puts the test's own image there under this name. */
  void push(Path archive, String name) throws Exception {
    List<String> command =
        new ArrayList<>(
            List.of("skopeo", "--insecure-policy", "copy", "--quiet", "--dest-tls-verify=false"));
    command.addAll(login);
    command.add("docker-archive:" + archive);
    command.add("docker://" + host() + "/" + name);
    Process copy = new ProcessBuilder(command).inheritIO().start();
    if (!copy.waitFor(60, TimeUnit.SECONDS) || copy.exitValue() != 0) {
      throw new IllegalStateException("the image was not pushed");
    }
  }

  @Override
  public void close() throws IOException {
    process.destroy();
    process.onExit().orTimeout(10, TimeUnit.SECONDS).join();
    PodFolders.deleteTree(folder);
  }
}
