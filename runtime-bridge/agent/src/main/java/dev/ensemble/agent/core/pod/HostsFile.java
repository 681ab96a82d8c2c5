package dev.ensemble.agent.core.pod;

import static dev.ensemble.agent.core.Fields.list;
import static dev.ensemble.agent.core.Fields.text;
import static dev.ensemble.agent.core.Fields.texts;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;

/** A pod's /etc/hosts. */
public final class HostsFile {
  private static final String LOCAL =
      """
      127.0.0.1\tlocalhost
      ::1\tlocalhost ip6-localhost ip6-loopback
      fe00::\tip6-localnet
      fe00::\tip6-mcastprefix
      fe00::1\tip6-allnodes
      fe00::2\tip6-allrouters
      """;

  private HostsFile() {}

  /**
   * @param hostFile the node's own file, which pods of the host's network see
   */
  public static String of(PodDefinition pod, List<String> podIps, String hostFile, String domain) {
    StringBuilder out = new StringBuilder("# Kubernetes-managed hosts file.\n");
    if (pod.hostNetwork()) {
      out.append(hostFile);
    } else {
      out.append(LOCAL);
      String hostname = hostname(pod);
      String subdomain = text(pod.spec(), "subdomain");
      for (String ip : podIps) {
        out.append(ip).append('\t');
        if (!subdomain.isEmpty()) {
          out.append(String.join(".", hostname, subdomain, pod.namespace(), "svc", domain) + "\t");
        }
        out.append(hostname).append('\n');
      }
    }
    List<JsonNode> aliases = list(pod.spec(), "hostAliases");
    if (!aliases.isEmpty()) {
      out.append("\n# Entries added by HostAliases.\n");
      for (JsonNode alias : aliases) {
        out.append(text(alias, "ip"))
            .append('\t')
            .append(String.join("\t", texts(alias, "hostnames")))
            .append('\n');
      }
    }
    return out.toString();
  }

  /** The host's name inside the pod: at most 63 characters, no dot or dash at the cut. */
  public static String hostname(PodDefinition pod) {
    String name = text(pod.spec(), "hostname");
    if (!name.isEmpty()) {
      return name;
    }
    String cut = pod.name().substring(0, Math.min(63, pod.name().length()));
    return cut.replaceAll("[-.]+$", "");
  }
}
