package dev.ensemble.agent.network;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.ensemble.agent.AgentSettings.NetworkSettings;
import dev.ensemble.agent.core.service.NodeRange;
import dev.ensemble.agent.core.service.ServiceRules;
import dev.ensemble.agent.node.NodeNetwork;
import dev.ensemble.agent.os.Commands;
import dev.ensemble.protocol.ToAgent;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * The network of a node whose pods are on a bridge: CNI configuration, packet rules in a table of
 * our own, an unreachable route for pod addresses that are nowhere.
 */
public final class BridgeNetwork implements NodeNetwork {
  private static final Duration TIMEOUT = Duration.ofSeconds(20);
  private static final ObjectMapper JSON = new ObjectMapper();

  /** Loses against every other route. */
  private static final String LAST_METRIC = "4096";

  private final NetworkSettings settings;
  private final String nodeName;
  private final Optional<Path> cniConfig;
  private final Path state;
  private final MachineBefore before;
  private Optional<NodeRange> range = Optional.empty();
  private Optional<ServiceRules> applied = Optional.empty();
  private ToAgent.ServicesDesired last = new ToAgent.ServicesDesired(List.of(), List.of());

  /**
   * @param cniConfig where the runtime looks for its network configuration; empty: not ours
   * @param state addresses given out, and what is to be removed at the end
   */
  public BridgeNetwork(
      NetworkSettings settings, String nodeName, Optional<Path> cniConfig, Path state) {
    this.settings = settings;
    this.nodeName = nodeName;
    this.cniConfig = cniConfig;
    this.state = state;
    this.before = new MachineBefore(state);
  }

  @Override
  public synchronized void join(ToAgent.Welcome welcome) throws IOException {
    Files.createDirectories(state);
    before.note();
    if (cniConfig.isPresent()) {
      new CniConfig(settings.bridge(), welcome.podCidr(), settings.mtu(), state.resolve("ipam"))
          .write(cniConfig.get());
    }
    range =
        Optional.of(
            new NodeRange(
                nodeName,
                settings.nftTable(),
                settings.bridge(),
                welcome.podCidr(),
                welcome.clusterCidr(),
                welcome.serviceCidr(),
                uplink()));
    Files.writeString(Path.of("/proc/sys/net/ipv4/ip_forward"), "1");
    // A new bridge takes the default over; one that is there already is set itself.
    makeBridge(welcome.podCidr());
    Commands.run(
        TIMEOUT,
        "",
        List.of(
            "ip", "route", "replace", "unreachable", welcome.clusterCidr(), "metric", LAST_METRIC));
    Files.writeString(state.resolve("cluster-cidr"), welcome.clusterCidr());
    applied = Optional.empty();
    services(last);
  }

  /** With its address from the start, so that the route of the range is there before any pod. */
  private void makeBridge(String podCidr) throws IOException {
    String bridge = settings.bridge();
    if (!exists(bridge)) {
      Commands.run(TIMEOUT, "", List.of("ip", "link", "add", bridge, "type", "bridge"));
    }
    String gateway = gateway(podCidr) + "/" + podCidr.substring(podCidr.indexOf('/') + 1);
    Commands.run(TIMEOUT, "", List.of("ip", "address", "replace", gateway, "dev", bridge));
    Commands.run(TIMEOUT, "", List.of("ip", "link", "set", bridge, "up"));
    Files.writeString(Path.of("/proc/sys/net/ipv4/conf", bridge, "route_localnet"), "1");
  }

  /** Asks /proc, which shows our own network namespace; /sys shows that of whoever mounted it. */
  private static boolean exists(String device) {
    return Files.exists(Path.of("/proc/sys/net/ipv4/conf", device));
  }

  /** The first address of the range, as host-local gives it to the gateway. */
  static String gateway(String cidr) {
    String[] bytes = cidr.substring(0, cidr.indexOf('/')).split("\\.", -1);
    long address = 0;
    for (String each : bytes) {
      address = address * 256 + Integer.parseInt(each);
    }
    address++;
    return "%d.%d.%d.%d"
        .formatted(address >> 24 & 255, address >> 16 & 255, address >> 8 & 255, address & 255);
  }

  private static Optional<String> uplink() throws IOException {
    JsonNode routes =
        JSON.readTree(Commands.run(TIMEOUT, "", List.of("ip", "-j", "route", "show", "default")));
    return routes.isEmpty()
        ? Optional.empty()
        : Optional.of(routes.get(0).path("dev").asText()).filter(dev -> !dev.isEmpty());
  }

  @Override
  public synchronized void services(ToAgent.ServicesDesired desired) throws IOException {
    last = desired;
    if (range.isEmpty() || !settings.services()) {
      return;
    }
    NodeRange node = range.get();
    ServiceRules next =
        applied.isEmpty()
            ? ServiceRules.first(node, desired.services(), desired.endpointSlices())
            : ServiceRules.after(applied.get(), node, desired.services(), desired.endpointSlices());
    if (applied.filter(before -> before.text().equals(next.text())).isPresent()) {
      return;
    }
    // After a failure the next change begins anew.
    applied = Optional.empty();
    Commands.run(TIMEOUT, next.text(), List.of("nft", "-f", "-"));
    applied = Optional.of(next);
  }

  @Override
  public synchronized void leave() throws IOException {
    if (settings.services()) {
      Commands.run(TIMEOUT, ServiceRules.removal(settings.nftTable()), List.of("nft", "-f", "-"));
    }
    Path cidr = state.resolve("cluster-cidr");
    if (Files.exists(cidr)) {
      String clusterCidr = Files.readString(cidr).trim();
      if (!Commands.run(
              TIMEOUT, "", List.of("ip", "route", "show", "type", "unreachable", clusterCidr))
          .isBlank()) {
        Commands.run(
            TIMEOUT,
            "",
            List.of("ip", "route", "del", "unreachable", clusterCidr, "metric", LAST_METRIC));
      }
      Files.delete(cidr);
    }
    if (exists(settings.bridge())) {
      Commands.run(TIMEOUT, "", List.of("ip", "link", "delete", settings.bridge()));
    }
    before.restore();
  }
}
