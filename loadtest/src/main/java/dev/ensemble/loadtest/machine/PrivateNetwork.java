package dev.ensemble.loadtest.machine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A network namespace with one link to the machine's own: pods' ranges, bridges and packet rules in
 * it meet those of no other node. Needs root.
 */
public final class PrivateNetwork implements AutoCloseable {
  private static final String BITS = "/30";

  private final String name;
  private final String link;
  private final String range;

  private PrivateNetwork(String name, String range) {
    this.name = name;
    this.link = name + "-h";
    this.range = range;
  }

  /**
   * One of a name at a time: what a run that was killed left of the last one is removed first.
   *
   * @param name at most 13 characters, for a link is named after it
   * @param range the first three bytes of its two addresses
   */
  public static PrivateNetwork create(String name, String range) throws IOException {
    PrivateNetwork network = new PrivateNetwork(name, range);
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
    Programs.output(List.of("ip", "address", "add", network.outside() + BITS, "dev", network.link));
    Programs.output(List.of("ip", "link", "set", network.link, "up"));
    network.ip("address", "add", network.inside() + BITS, "dev", "eth0");
    network.ip("link", "set", "eth0", "up");
    network.ip("route", "add", "default", "via", network.outside());
    return network;
  }

  /** Where those outside find what listens inside. */
  public String inside() {
    return range + ".2";
  }

  private String outside() {
    return range + ".1";
  }

  private void ip(String... arguments) throws IOException {
    List<String> command = new ArrayList<>(List.of("ip", "-n", name));
    command.addAll(List.of(arguments));
    Programs.output(command);
  }

  /** What a command begins with to run inside. */
  public List<String> prefix() {
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
