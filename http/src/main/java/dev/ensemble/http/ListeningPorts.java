package dev.ensemble.http;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;

/** Says before a start takes its time which port is taken, and by whom if the machine tells. */
final class ListeningPorts {
  /** In /proc/net/tcp: the state of a socket that listens. */
  private static final String LISTENING = "0A";

  private static final int LOCAL_ADDRESS = 1;
  private static final int STATE = 3;
  private static final int INODE = 9;

  private ListeningPorts() {}

  /**
   * @param setting what to change when it is taken
   * @throws IllegalStateException naming port, setting and owner, when nobody can listen there
   */
  static void requireFree(String host, int port, String setting) {
    if (port == 0) {
      return;
    }
    try (ServerSocket socket = new ServerSocket()) {
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(InetAddress.getByName(host), port));
    } catch (IOException e) {
      throw new IllegalStateException(
          "port %d of %s (%s) cannot be had: %s%s"
              .formatted(
                  port,
                  host,
                  setting,
                  e.getMessage(),
                  owner(port).map(who -> ", by " + who).orElse("")),
          e);
    }
  }

  /** The process that listens on a port; empty when it is not ours to see. */
  private static Optional<String> owner(int port) {
    try {
      Optional<String> inode = inode(port, "/proc/net/tcp");
      if (inode.isEmpty()) {
        inode = inode(port, "/proc/net/tcp6");
      }
      return inode.isEmpty() ? Optional.empty() : process("socket:[" + inode.get() + "]");
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private static Optional<String> inode(int port, String table) throws IOException {
    String suffix = String.format(Locale.ROOT, ":%04X", port);
    return Files.readAllLines(Path.of(table)).stream()
        .map(line -> line.trim().split("\\s+", -1))
        .filter(fields -> fields.length > INODE && fields[STATE].equals(LISTENING))
        .filter(fields -> fields[LOCAL_ADDRESS].endsWith(suffix))
        .map(fields -> fields[INODE])
        .findFirst();
  }

  private static Optional<String> process(String socket) throws IOException {
    try (DirectoryStream<Path> processes = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
      for (Path process : processes) {
        if (holds(process, socket)) {
          return Optional.of(
              "process %s (%s)"
                  .formatted(
                      process.getFileName(), Files.readString(process.resolve("comm")).trim()));
        }
      }
    }
    return Optional.empty();
  }

  private static boolean holds(Path process, String socket) {
    try (DirectoryStream<Path> open = Files.newDirectoryStream(process.resolve("fd"))) {
      for (Path descriptor : open) {
        if (Files.readSymbolicLink(descriptor).toString().equals(socket)) {
          return true;
        }
      }
    } catch (IOException e) {
      // Not ours to look at, or gone meanwhile.
      return false;
    }
    return false;
  }
}
