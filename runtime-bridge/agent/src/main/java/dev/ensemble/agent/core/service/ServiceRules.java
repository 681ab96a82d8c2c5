package dev.ensemble.agent.core.service;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ensemble.agent.core.service.ServicePort.Endpoint;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Renders all packet rules of a node as one nftables transaction. Sets of session affinity outlive
 * a change as long as their Service does.
 *
 * @param text the input of {@code nft -f -}
 * @param chains names of the chains and sets that depend on Services; the next rendering removes
 *     those that it does not need
 */
public record ServiceRules(String text, Set<String> chains, Set<String> sets) {
  /** The bit that asks for masquerading: kube-proxy's. */
  private static final String MARK = "0x4000";

  public ServiceRules {
    chains = Set.copyOf(chains);
    sets = Set.copyOf(sets);
  }

  /** Begins anew: what a table of this name held is gone. */
  public static ServiceRules first(
      NodeRange node, List<ObjectNode> services, List<ObjectNode> slices) {
    ServiceRules rules = after(new ServiceRules("", Set.of(), Set.of()), node, services, slices);
    String reset = "add table ip %s\ndelete table ip %s\n".formatted(node.table(), node.table());
    return new ServiceRules(reset + rules.text(), rules.chains(), rules.sets());
  }

  public static ServiceRules after(
      ServiceRules before, NodeRange node, List<ObjectNode> services, List<ObjectNode> slices) {
    Draft draft = new Draft(node);
    ServicePort.of(services, slices, node.nodeName()).forEach(draft::add);
    return draft.finish(before);
  }

  /** Removes everything. */
  public static String removal(String table) {
    return "add table ip %s\ndelete table ip %s\n".formatted(table, table);
  }

  private static final class Draft {
    private final NodeRange node;
    private final Set<String> chains = new TreeSet<>();
    private final Set<String> affinitySets = new TreeSet<>();
    private final List<String> sets = new ArrayList<>();
    private final StringBuilder rules = new StringBuilder();
    private final Set<String> serviceIps = new TreeSet<>();
    private final Set<String> nodePorts = new TreeSet<>();
    private final Set<String> hairpins = new TreeSet<>();
    private final Set<String> unanswered = new TreeSet<>();

    Draft(NodeRange node) {
      this.node = node;
    }

    void add(ServicePort port) {
      String id = id(port.name() + "/" + port.protocol());
      String key = port.protocol() + " . " + port.port();
      // Only a pod of this node can reach itself through its Service here.
      port.localEndpoints().forEach(e -> hairpins.add(e.ip() + " . " + e.ip()));
      if (!port.internalEndpoints().isEmpty()) {
        chain("svc-" + id, port, id, port.internalEndpoints(), internalMark());
        serviceIps.add(port.clusterIp() + " . " + key + " : goto svc-" + id);
      }
      boolean external =
          port.nodePort() > 0 || port.loadBalanced() || !port.externalIps().isEmpty();
      if (external && !port.externalEndpoints().isEmpty()) {
        // With policy Local only the node's own packets lose their source.
        String mark =
            port.localOnly()
                ? "fib saddr type local meta mark set meta mark or " + MARK
                : "meta mark set meta mark or " + MARK;
        chain("ext-" + id, port, id, port.externalEndpoints(), mark);
        port.externalIps().forEach(ip -> serviceIps.add(ip + " . " + key + " : goto ext-" + id));
        if (port.nodePort() > 0) {
          nodePorts.add(port.protocol() + " . " + port.nodePort() + " : goto ext-" + id);
        }
        if (port.loadBalanced()) {
          nodePorts.add(key + " : goto ext-" + id);
        }
      } else {
        port.externalIps().forEach(ip -> unanswered.add(ip + " . " + key));
      }
    }

    private String internalMark() {
      return "ip saddr != " + node.clusterCidr() + " meta mark set meta mark or " + MARK;
    }

    private void chain(
        String name, ServicePort port, String id, List<Endpoint> endpoints, String mark) {
      chains.add(name);
      rule(name, mark);
      if (port.affinitySeconds().isEmpty()) {
        List<String> targets = new ArrayList<>();
        for (int i = 0; i < endpoints.size(); i++) {
          targets.add(i + " : " + endpoints.get(i).ip() + " . " + endpoints.get(i).port());
        }
        rule(
            name,
            "meta l4proto "
                + port.protocol()
                + " dnat ip addr . port to numgen random mod "
                + endpoints.size()
                + " map { "
                + String.join(", ", targets)
                + " }");
        return;
      }
      List<String> jumps = new ArrayList<>();
      for (int i = 0; i < endpoints.size(); i++) {
        String each = sticky(port, id, endpoints.get(i));
        rule(name, "ip saddr @aff-" + each + " goto ep-" + each);
        jumps.add(i + " : goto ep-" + each);
      }
      rule(
          name,
          "numgen random mod " + endpoints.size() + " vmap { " + String.join(", ", jumps) + " }");
    }

    /** A chain for one endpoint that remembers who came. */
    private String sticky(ServicePort port, String id, Endpoint endpoint) {
      String each = id + "-" + id(endpoint.ip() + ":" + endpoint.port());
      if (chains.add("ep-" + each)) {
        String timeout = port.affinitySeconds().orElseThrow() + "s";
        affinitySets.add("aff-" + each);
        sets.add(
            "add set ip %s aff-%s { type ipv4_addr; flags dynamic,timeout; size 65535; timeout %s; }\n"
                .formatted(node.table(), each, timeout));
        rule("ep-" + each, "update @aff-" + each + " { ip saddr timeout " + timeout + " }");
        rule(
            "ep-" + each,
            "meta l4proto "
                + port.protocol()
                + " dnat to "
                + endpoint.ip()
                + ":"
                + endpoint.port());
      }
      return each;
    }

    private void rule(String chain, String rule) {
      rules.append("add rule ip %s %s %s\n".formatted(node.table(), chain, rule));
    }

    ServiceRules finish(ServiceRules before) {
      StringBuilder out = new StringBuilder();
      String table = node.table();
      out.append("add table ip %s\nflush table ip %s\n".formatted(table, table));
      map(out, "service-ips", "ipv4_addr . inet_proto . inet_service : verdict");
      map(out, "node-ports", "inet_proto . inet_service : verdict");
      set(out, "hairpins", "ipv4_addr . ipv4_addr");
      set(out, "unanswered", "ipv4_addr . inet_proto . inet_service");
      for (String stale : minus(before.chains(), chains)) {
        out.append("delete chain ip %s %s\n".formatted(table, stale));
      }
      for (String stale : minus(before.sets(), affinitySets)) {
        out.append("delete set ip %s %s\n".formatted(table, stale));
      }
      sets.forEach(out::append);
      chains.forEach(chain -> out.append("add chain ip %s %s\n".formatted(table, chain)));
      FixedRules.chains(node, MARK).forEach(line -> out.append(line).append('\n'));
      out.append(rules);
      elements(out, "service-ips", serviceIps);
      elements(out, "node-ports", nodePorts);
      elements(out, "hairpins", hairpins);
      elements(out, "unanswered", unanswered);
      return new ServiceRules(out.toString(), chains, affinitySets);
    }

    private void map(StringBuilder out, String name, String type) {
      out.append("add map ip %s %s { type %s; }\n".formatted(node.table(), name, type));
      out.append("flush map ip %s %s\n".formatted(node.table(), name));
    }

    private void set(StringBuilder out, String name, String type) {
      out.append("add set ip %s %s { type %s; }\n".formatted(node.table(), name, type));
      out.append("flush set ip %s %s\n".formatted(node.table(), name));
    }

    private void elements(StringBuilder out, String name, Set<String> elements) {
      if (!elements.isEmpty()) {
        out.append(
            "add element ip %s %s { %s }\n"
                .formatted(node.table(), name, String.join(", ", elements)));
      }
    }

    private static Set<String> minus(Set<String> all, Set<String> kept) {
      Set<String> rest = new TreeSet<>(all);
      rest.removeAll(kept);
      return rest;
    }

    private static String id(String name) {
      try {
        byte[] hash =
            MessageDigest.getInstance("SHA-256").digest(name.getBytes(StandardCharsets.UTF_8));
        return HexFormat.of().formatHex(hash, 0, 5);
      } catch (NoSuchAlgorithmException e) {
        throw new IllegalStateException("every Java has SHA-256", e);
      }
    }
  }
}
