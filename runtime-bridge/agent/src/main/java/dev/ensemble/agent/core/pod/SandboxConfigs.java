package dev.ensemble.agent.core.pod;

import static dev.ensemble.agent.core.Fields.at;
import static dev.ensemble.agent.core.Fields.flag;
import static dev.ensemble.agent.core.Fields.list;
import static dev.ensemble.agent.core.Fields.number;
import static dev.ensemble.agent.core.Fields.strings;
import static dev.ensemble.agent.core.Fields.text;

import com.fasterxml.jackson.databind.JsonNode;
import dev.ensemble.agent.cri.v1.DNSConfig;
import dev.ensemble.agent.cri.v1.Int64Value;
import dev.ensemble.agent.cri.v1.LinuxPodSandboxConfig;
import dev.ensemble.agent.cri.v1.LinuxSandboxSecurityContext;
import dev.ensemble.agent.cri.v1.NamespaceMode;
import dev.ensemble.agent.cri.v1.NamespaceOption;
import dev.ensemble.agent.cri.v1.PodSandboxConfig;
import dev.ensemble.agent.cri.v1.PodSandboxMetadata;
import dev.ensemble.agent.cri.v1.PortMapping;
import dev.ensemble.agent.cri.v1.Protocol;
import dev.ensemble.agent.runtime.Labels;
import java.util.Map;

/** A pod's sandbox in CRI's words. */
public final class SandboxConfigs {
  private SandboxConfigs() {}

  public static PodSandboxConfig of(
      PodDefinition pod,
      int attempt,
      PodSources.NodeFacts node,
      String logDirectory,
      String cgroupParent) {
    DnsRules.Dns dns = DnsRules.of(pod, node);
    PodSandboxConfig.Builder config =
        PodSandboxConfig.newBuilder()
            .setMetadata(
                PodSandboxMetadata.newBuilder()
                    .setName(pod.name())
                    .setNamespace(pod.namespace())
                    .setUid(pod.uid())
                    .setAttempt(attempt))
            .setLogDirectory(logDirectory)
            .setDnsConfig(
                DNSConfig.newBuilder()
                    .addAllServers(dns.servers())
                    .addAllSearches(dns.searches())
                    .addAllOptions(dns.options()))
            .putAllLabels(strings(pod.metadata(), "labels"))
            .putAllLabels(identity(pod))
            .putAllAnnotations(strings(pod.metadata(), "annotations"))
            .setLinux(
                LinuxPodSandboxConfig.newBuilder()
                    .setCgroupParent(cgroupParent)
                    .putAllSysctls(sysctls(pod))
                    .setSecurityContext(security(pod, node)));
    if (!pod.hostNetwork()) {
      config.setHostname(HostsFile.hostname(pod));
      for (JsonNode container : pod.allContainers()) {
        addPorts(container, config);
      }
    }
    return config.build();
  }

  static Map<String, String> identity(PodDefinition pod) {
    return Map.of(
        Labels.POD_NAME, pod.name(),
        Labels.POD_NAMESPACE, pod.namespace(),
        Labels.POD_UID, pod.uid());
  }

  private static void addPorts(JsonNode container, PodSandboxConfig.Builder config) {
    for (JsonNode port : list(container, "ports")) {
      int hostPort = at(port, "hostPort").asInt(0);
      if (hostPort > 0) {
        config.addPortMappings(
            PortMapping.newBuilder()
                .setProtocol(
                    switch (text(port, "protocol")) {
                      case "UDP" -> Protocol.UDP;
                      case "SCTP" -> Protocol.SCTP;
                      default -> Protocol.TCP;
                    })
                .setContainerPort(at(port, "containerPort").asInt())
                .setHostPort(hostPort)
                .setHostIp(text(port, "hostIP")));
      }
    }
  }

  private static Map<String, String> sysctls(PodDefinition pod) {
    Map<String, String> found = new java.util.LinkedHashMap<>();
    for (JsonNode sysctl : list(pod.spec(), "securityContext", "sysctls")) {
      found.put(text(sysctl, "name"), text(sysctl, "value"));
    }
    return found;
  }

  private static LinuxSandboxSecurityContext security(
      PodDefinition pod, PodSources.NodeFacts node) {
    JsonNode given = at(pod.spec(), "securityContext");
    LinuxSandboxSecurityContext.Builder security =
        LinuxSandboxSecurityContext.newBuilder()
            .setNamespaceOptions(namespaces(pod))
            .setPrivileged(
                pod.allContainers().stream()
                    .anyMatch(c -> flag(c, "securityContext", "privileged")));
    SecurityRules.seccomp(given, node.seccompFolder()).ifPresent(security::setSeccomp);
    number(given, "runAsUser")
        .ifPresent(uid -> security.setRunAsUser(Int64Value.newBuilder().setValue(uid)));
    if (security.hasRunAsUser()) {
      // CRI refuses a group without a user.
      number(given, "runAsGroup")
          .ifPresent(gid -> security.setRunAsGroup(Int64Value.newBuilder().setValue(gid)));
    }
    SecurityRules.groups(given).forEach(security::addSupplementalGroups);
    return security.build();
  }

  /** A pod's containers have their own process namespaces unless it asks otherwise. */
  public static NamespaceOption namespaces(PodDefinition pod) {
    NamespaceMode processes =
        flag(pod.spec(), "hostPID")
            ? NamespaceMode.NODE
            : flag(pod.spec(), "shareProcessNamespace")
                ? NamespaceMode.POD
                : NamespaceMode.CONTAINER;
    return NamespaceOption.newBuilder()
        .setNetwork(pod.hostNetwork() ? NamespaceMode.NODE : NamespaceMode.POD)
        .setIpc(flag(pod.spec(), "hostIPC") ? NamespaceMode.NODE : NamespaceMode.POD)
        .setPid(processes)
        .build();
  }
}
