package dev.ensemble.agent.core.pod;

import static dev.ensemble.agent.core.Fields.flag;
import static dev.ensemble.agent.core.Fields.list;
import static dev.ensemble.agent.core.Fields.text;

import com.fasterxml.jackson.databind.JsonNode;
import dev.ensemble.agent.core.pod.PodMemory.Ending;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/** What a node refuses to run at all: the pod fails before anything of it is made. */
public final class PodAdmission {
  /** The kubelet's safe sysctls: those that are bound to the pod's namespaces. */
  private static final Set<String> SAFE =
      Set.of(
          "kernel.shm_rmid_forced",
          "net.ipv4.ip_local_port_range",
          "net.ipv4.tcp_syncookies",
          "net.ipv4.ping_group_range",
          "net.ipv4.ip_unprivileged_port_start",
          "net.ipv4.ip_local_reserved_ports",
          "net.ipv4.tcp_keepalive_time",
          "net.ipv4.tcp_fin_timeout",
          "net.ipv4.tcp_keepalive_intvl",
          "net.ipv4.tcp_keepalive_probes",
          "net.ipv4.tcp_rmem",
          "net.ipv4.tcp_wmem");

  private PodAdmission() {}

  /** Why a pod does not run here, or not any more; empty: it may. */
  public static Optional<Ending> ending(PodDefinition pod, PodFacts facts, Instant now) {
    if (pod.over()) {
      // It stays so, whatever the runtime still knows of it.
      return Optional.of(
          new Ending(
              pod.terminationGrace(),
              false,
              text(pod.status(), "reason"),
              text(pod.status(), "message"),
              now));
    }
    return facts.empty() ? refusal(pod, now) : Optional.empty();
  }

  private static Optional<Ending> refusal(PodDefinition pod, Instant now) {
    String os = text(pod.spec(), "os", "name");
    if (!os.isEmpty() && !os.equals("linux")) {
      return refused(
          "PodOSNotSupported", "Failed to admit pod as the OS field doesn't match node OS", now);
    }
    for (JsonNode sysctl : list(pod.spec(), "securityContext", "sysctls")) {
      String name = text(sysctl, "name").replace('/', '.');
      boolean shared =
          (pod.hostNetwork() && name.startsWith("net."))
              || (flag(pod.spec(), "hostIPC") && name.startsWith("kernel."));
      if (!SAFE.contains(name)) {
        return refused(
            "SysctlForbidden", "forbidden sysctl: \"" + name + "\" not allowlisted", now);
      }
      if (shared) {
        return refused(
            "SysctlForbidden",
            "forbidden sysctl: \"" + name + "\" not allowed with host net/ipc enabled",
            now);
      }
    }
    return Optional.empty();
  }

  private static Optional<Ending> refused(String reason, String message, Instant now) {
    return Optional.of(
        new Ending(Duration.ZERO, false, reason, "Pod was rejected: " + message, now));
  }
}
