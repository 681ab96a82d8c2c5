package dev.ensemble.agent.core.pod;

import static dev.ensemble.agent.core.Fields.at;
import static dev.ensemble.agent.core.Fields.flag;
import static dev.ensemble.agent.core.Fields.has;
import static dev.ensemble.agent.core.Fields.list;
import static dev.ensemble.agent.core.Fields.number;
import static dev.ensemble.agent.core.Fields.text;
import static dev.ensemble.agent.core.Fields.texts;

import com.fasterxml.jackson.databind.JsonNode;
import dev.ensemble.agent.cri.v1.Capability;
import dev.ensemble.agent.cri.v1.Int64Value;
import dev.ensemble.agent.cri.v1.LinuxContainerSecurityContext;
import dev.ensemble.agent.cri.v1.SecurityProfile;
import dev.ensemble.agent.runtime.ImageState;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Security contexts of pods and containers in CRI's words. */
final class SecurityRules {
  private static final List<String> MASKED =
      List.of(
          "/proc/asound",
          "/proc/acpi",
          "/proc/interrupts",
          "/proc/kcore",
          "/proc/keys",
          "/proc/latency_stats",
          "/proc/timer_list",
          "/proc/timer_stats",
          "/proc/sched_debug",
          "/proc/scsi",
          "/sys/firmware",
          "/sys/devices/virtual/powercap");
  private static final List<String> READ_ONLY =
      List.of("/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger");

  private SecurityRules() {}

  static LinuxContainerSecurityContext container(
      PodDefinition pod, JsonNode container, ImageState image, String profiles) {
    JsonNode own = at(container, "securityContext");
    JsonNode shared = at(pod.spec(), "securityContext");
    boolean privileged = flag(own, "privileged");
    LinuxContainerSecurityContext.Builder security =
        LinuxContainerSecurityContext.newBuilder()
            .setNamespaceOptions(SandboxConfigs.namespaces(pod))
            .setPrivileged(privileged)
            .setReadonlyRootfs(flag(own, "readOnlyRootFilesystem"))
            .setNoNewPrivs(
                has(own, "allowPrivilegeEscalation") && !flag(own, "allowPrivilegeEscalation"))
            .setCapabilities(
                Capability.newBuilder()
                    .addAllAddCapabilities(texts(own, "capabilities", "add"))
                    .addAllDropCapabilities(texts(own, "capabilities", "drop")));
    Optional<Long> uid = number(own, "runAsUser").or(() -> number(shared, "runAsUser"));
    Optional<Long> gid = number(own, "runAsGroup").or(() -> number(shared, "runAsGroup"));
    boolean nonRoot =
        has(own, "runAsNonRoot") ? flag(own, "runAsNonRoot") : flag(shared, "runAsNonRoot");
    if (nonRoot) {
      requireNonRoot(pod, container, uid, image);
    }
    if (uid.isPresent()) {
      security.setRunAsUser(Int64Value.newBuilder().setValue(uid.get()));
    } else if (image.uid().isPresent()) {
      security.setRunAsUser(Int64Value.newBuilder().setValue(image.uid().getAsLong()));
    } else {
      security.setRunAsUsername(image.username());
    }
    gid.ifPresent(id -> security.setRunAsGroup(Int64Value.newBuilder().setValue(id)));
    groups(shared).forEach(security::addSupplementalGroups);
    seccomp(own, profiles).or(() -> seccomp(shared, profiles)).ifPresent(security::setSeccomp);
    if (!privileged && !text(own, "procMount").equals("Unmasked")) {
      security.addAllMaskedPaths(MASKED).addAllReadonlyPaths(READ_ONLY);
    }
    return security.build();
  }

  private static void requireNonRoot(
      PodDefinition pod, JsonNode container, Optional<Long> uid, ImageState image) {
    String problem = "";
    if (uid.isPresent()) {
      problem = uid.get() == 0 ? "container's runAsUser breaks non-root policy" : "";
    } else if (!image.username().isEmpty()) {
      problem =
          "container has runAsNonRoot and image has non-numeric user ("
              + image.username()
              + "), cannot verify user is non-root";
    } else if (image.uid().orElse(0) == 0) {
      problem = "container has runAsNonRoot and image will run as root";
    }
    if (!problem.isEmpty()) {
      throw new PodConfigException(
          "%s (pod: \"%s\", container: %s)"
              .formatted(problem, pod.fullName(), PodDefinition.nameOf(container)));
    }
  }

  /** A profile of the node's is a file below its folder of profiles. */
  static Optional<SecurityProfile> seccomp(JsonNode context, String profiles) {
    return switch (text(context, "seccompProfile", "type")) {
      case "RuntimeDefault" -> Optional.of(profile(SecurityProfile.ProfileType.RuntimeDefault));
      case "Unconfined" -> Optional.of(profile(SecurityProfile.ProfileType.Unconfined));
      case "Localhost" ->
          Optional.of(
              profile(SecurityProfile.ProfileType.Localhost).toBuilder()
                  .setLocalhostRef(
                      profiles + "/" + text(context, "seccompProfile", "localhostProfile"))
                  .build());
      default -> Optional.empty();
    };
  }

  private static SecurityProfile profile(SecurityProfile.ProfileType type) {
    return SecurityProfile.newBuilder().setProfileType(type).build();
  }

  /** The groups that every container of the pod is in: fsGroup too. */
  static List<Long> groups(JsonNode podContext) {
    List<Long> groups = new ArrayList<>();
    list(podContext, "supplementalGroups").forEach(group -> groups.add(group.asLong()));
    number(podContext, "fsGroup").filter(g -> !groups.contains(g)).ifPresent(groups::add);
    return groups;
  }
}
