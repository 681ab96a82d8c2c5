package dev.ensemble.agent.network;

import dev.ensemble.agent.core.service.HostPortChains;
import dev.ensemble.agent.os.Commands;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the machine was like before the node joined its network, kept in a file until the node
 * leaves: forwarding, and iptables' nat tables, which the portmap plugin writes into.
 */
final class MachineBefore {
  private static final Logger LOG = LoggerFactory.getLogger(MachineBefore.class);
  private static final Duration TIMEOUT = Duration.ofSeconds(20);
  private static final Path FORWARDING = Path.of("/proc/sys/net/ipv4/ip_forward");
  private static final List<String> FAMILIES = List.of("ip", "ip6");

  private final Path file;

  MachineBefore(Path folder) {
    this.file = folder.resolve("machine-before");
  }

  /** Once: what a node that was killed found is still true. */
  void note() throws IOException {
    if (Files.exists(file)) {
      return;
    }
    StringBuilder text = new StringBuilder();
    text.append("forwarding=").append(Files.readString(FORWARDING).trim()).append('\n');
    for (String family : FAMILIES) {
      text.append(family).append('=');
      text.append(HostPortChains.Before.of(listing(family))).append('\n');
    }
    Files.writeString(file, text);
  }

  /** Puts back what was noted. What others use or made stays. */
  void restore() throws IOException {
    if (!Files.exists(file)) {
      return;
    }
    Properties before = new Properties();
    try (var in = Files.newBufferedReader(file)) {
      before.load(in);
    }
    if (before.getProperty("forwarding", "1").equals("0")) {
      Files.writeString(FORWARDING, "0");
    }
    for (String family : FAMILIES) {
      HostPortChains.Before was =
          HostPortChains.Before.valueOf(
              before.getProperty(family, HostPortChains.Before.CHAINS.name()));
      Optional<String> removal =
          listing(family).flatMap(text -> HostPortChains.removal(family, text, was));
      if (removal.isPresent()) {
        try {
          Commands.run(TIMEOUT, removal.get(), List.of("nft", "-f", "-"));
        } catch (IOException e) {
          LOG.warn("the chains for host ports stay in table {} nat", family, e);
        }
      }
    }
    Files.delete(file);
  }

  /** Empty when there is no such table. */
  private static Optional<String> listing(String family) {
    try {
      return Optional.of(
          Commands.run(TIMEOUT, "", List.of("nft", "-a", "list", "table", family, "nat")));
    } catch (IOException e) {
      return Optional.empty();
    }
  }
}
