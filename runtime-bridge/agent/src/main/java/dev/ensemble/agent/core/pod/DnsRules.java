package dev.ensemble.agent.core.pod;

import static dev.ensemble.agent.core.Fields.list;
import static dev.ensemble.agent.core.Fields.text;
import static dev.ensemble.agent.core.Fields.texts;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** A pod's resolver configuration from its dnsPolicy and dnsConfig. */
public final class DnsRules {
  /** Limits of glibc's resolver; the rest is left out. */
  private static final int SERVERS_MAX = 3;

  private static final int SEARCHES_MAX = 32;

  private DnsRules() {}

  public static Dns of(PodDefinition pod, PodSources.NodeFacts node) {
    String policy = text(pod.spec(), "dnsPolicy");
    boolean cluster =
        !node.clusterDns().isEmpty()
            && (policy.equals("ClusterFirstWithHostNet")
                || ((policy.isEmpty() || policy.equals("ClusterFirst")) && !pod.hostNetwork()));
    Dns dns = node.hostDns();
    if (policy.equals("None")) {
      dns = new Dns(List.of(), List.of(), List.of());
    } else if (cluster) {
      List<String> searches =
          new ArrayList<>(
              List.of(
                  pod.namespace() + ".svc." + node.clusterDomain(),
                  "svc." + node.clusterDomain(),
                  node.clusterDomain()));
      searches.addAll(node.hostDns().searches());
      dns = new Dns(node.clusterDns(), searches, List.of("ndots:5"));
    }
    List<String> options = new ArrayList<>(dns.options());
    for (JsonNode option : list(pod.spec(), "dnsConfig", "options")) {
      String name = text(option, "name");
      options.removeIf(o -> o.equals(name) || o.startsWith(name + ":"));
      String value = text(option, "value");
      options.add(value.isEmpty() ? name : name + ":" + value);
    }
    return new Dns(
        joined(dns.servers(), texts(pod.spec(), "dnsConfig", "nameservers"), SERVERS_MAX),
        joined(dns.searches(), texts(pod.spec(), "dnsConfig", "searches"), SEARCHES_MAX),
        options);
  }

  private static List<String> joined(List<String> first, List<String> second, int max) {
    Set<String> all = new LinkedHashSet<>(first);
    all.addAll(second);
    return all.stream().limit(max).toList();
  }

  /** The three kinds of lines of resolv.conf. */
  public record Dns(List<String> servers, List<String> searches, List<String> options) {
    public Dns {
      servers = List.copyOf(servers);
      searches = List.copyOf(searches);
      options = List.copyOf(options);
    }

    public static Dns parse(String resolvConf) {
      List<String> servers = new ArrayList<>();
      List<String> searches = new ArrayList<>();
      List<String> options = new ArrayList<>();
      for (String line : resolvConf.split("\n", -1)) {
        List<String> words = List.of(line.trim().split("\\s+", -1));
        List<String> rest = words.subList(1, words.size());
        switch (words.get(0)) {
          case "nameserver" -> servers.addAll(rest);
          case "search" -> {
            searches.clear();
            searches.addAll(rest);
          }
          case "options" -> options.addAll(rest);
          default -> {}
        }
      }
      return new Dns(servers, searches, options);
    }
  }
}
