package dev.ensemble.agent.core.service;

import java.util.ArrayList;
import java.util.List;

/**
 * The chains that do not depend on Services: hooks, masquerading, the guard.
 *
 * <p>The guard: an address of the Service range or the pod range that nobody answers never leaves
 * by the default route. Its rules see packets after DNAT, so what is left with such an address has
 * no endpoint. In OUTPUT the device is not matched: it is still that from before DNAT.
 */
final class FixedRules {
  private FixedRules() {}

  static List<String> chains(NodeRange node, String mark) {
    List<String> lines = new ArrayList<>();
    base(lines, node, "nat-prerouting", "nat", "prerouting", "-100");
    base(lines, node, "nat-output", "nat", "output", "-100");
    base(lines, node, "nat-postrouting", "nat", "postrouting", "100");
    base(lines, node, "guard-forward", "filter", "forward", "0");
    base(lines, node, "guard-output", "filter", "output", "0");
    base(lines, node, "guard-input", "filter", "input", "0");
    lines.add("add chain ip %s services".formatted(node.table()));
    rule(lines, node, "nat-prerouting", "jump services");
    rule(lines, node, "nat-output", "jump services");
    rule(lines, node, "services", "ip daddr . meta l4proto . th dport vmap @service-ips");
    rule(lines, node, "services", "fib daddr type local meta l4proto . th dport vmap @node-ports");
    rule(
        lines,
        node,
        "nat-postrouting",
        "meta mark and "
            + mark
            + " == "
            + mark
            + " meta mark set meta mark xor "
            + mark
            + " masquerade");
    rule(lines, node, "nat-postrouting", "ip saddr . ip daddr @hairpins masquerade");
    rule(
        lines,
        node,
        "nat-postrouting",
        "ip saddr %s ip daddr != %s masquerade".formatted(node.podCidr(), node.clusterCidr()));
    guard(lines, node);
    return lines;
  }

  private static void guard(List<String> lines, NodeRange node) {
    for (String chain : List.of("guard-forward", "guard-output")) {
      rule(lines, node, chain, "ip daddr . meta l4proto . th dport @unanswered reject");
      rule(lines, node, chain, "ip daddr " + node.serviceCidr() + " reject");
    }
    node.uplink()
        .ifPresent(
            uplink ->
                rule(
                    lines,
                    node,
                    "guard-forward",
                    "oifname \"%s\" ip daddr %s reject".formatted(uplink, node.clusterCidr())));
    // route_localnet lets answers come back to 127.0.0.1; nothing may begin a connection that way.
    rule(
        lines,
        node,
        "guard-input",
        "iifname \"%s\" ip daddr 127.0.0.0/8 ct direction original drop".formatted(node.bridge()));
  }

  private static void base(
      List<String> lines, NodeRange node, String name, String type, String hook, String priority) {
    lines.add(
        "add chain ip %s %s { type %s hook %s priority %s; }"
            .formatted(node.table(), name, type, hook, priority));
  }

  private static void rule(List<String> lines, NodeRange node, String chain, String rule) {
    lines.add("add rule ip %s %s %s".formatted(node.table(), chain, rule));
  }
}
