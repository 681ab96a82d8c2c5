package dev.ensemble.loadtest.faults;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A network namespace with one link to the machine's own: pods' ranges, bridges and packet rules in
 * it meet those of no other node. Needs root.
 */
final class PrivateNetwork implements AutoCloseable {
  static final String INSIDE = "10.231.61.2";
  private static final String OUTSIDE = "10.231.61.1";
  private static final String BITS = "/30";

  private final String name;
  private final String link;

  private PrivateNetwork(String name) {
    this.name = name;
    this.link = name + "-h";
  }

  /** One at a time: what a run that was killed left of the last one is removed first. */
  static PrivateNetwork create() throws IOException {
    String name = "ensf";
    PrivateNetwork network = new PrivateNetwork(name);
    network.close();
    Programs.output(List.of("ip", "netns", "add", name));
    network.ip("link", "set", "lo", "up");
    Programs.output(
        List.of(
            "ip",
            "link",
            "add",
            network.link,
            "type",
            "veth",
            "peer",
            "name",
            "eth0",
            "netns",
            name));
    Programs.output(List.of("ip", "address", "add", OUTSIDE + BITS, "dev", network.link));
    Programs.output(List.of("ip", "link", "set", network.link, "up"));
    network.ip("address", "add", INSIDE + BITS, "dev", "eth0");
    network.ip("link", "set", "eth0", "up");
    network.ip("route", "add", "default", "via", OUTSIDE);
    return network;
  }

  private void ip(String... arguments) throws IOException {
    List<String> command = new ArrayList<>(List.of("ip", "-n", name));
    command.addAll(List.of(arguments));
    Programs.output(command);
  }

  /** What a command begins with to run inside. */
  List<String> prefix() {
    return List.of("nsenter", "--net=/run/netns/" + name);
  }

  @Override
  public void close() throws IOException {
    if (Files.exists(Path.of("/sys/class/net", link))) {
      Programs.output(List.of("ip", "link", "delete", link));
    }
    if (Files.exists(Path.of("/run/netns", name))) {
      Programs.output(List.of("ip", "netns", "delete", name));
    }
  }
}
