package dev.ensemble.agent.core.pod;

import static dev.ensemble.agent.core.Fields.find;
import static dev.ensemble.agent.core.Fields.flag;
import static dev.ensemble.agent.core.Fields.text;
import static dev.ensemble.agent.core.Fields.texts;
import static dev.ensemble.agent.core.pod.PodDefinition.nameOf;

import com.fasterxml.jackson.databind.JsonNode;
import dev.ensemble.agent.cri.v1.ContainerConfig;
import dev.ensemble.agent.cri.v1.ContainerMetadata;
import dev.ensemble.agent.cri.v1.ImageSpec;
import dev.ensemble.agent.cri.v1.KeyValue;
import dev.ensemble.agent.cri.v1.LinuxContainerConfig;
import dev.ensemble.agent.cri.v1.LinuxContainerResources;
import dev.ensemble.agent.cri.v1.Mount;
import dev.ensemble.agent.cri.v1.NamespaceMode;
import dev.ensemble.agent.runtime.ImageState;
import dev.ensemble.agent.runtime.Labels;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A container in CRI's words. */
public final class ContainerConfigs {
  public static final String TERMINATION_PATH = "/dev/termination-log";

  private ContainerConfigs() {}

  /**
   * @throws PodConfigException when the pod asks for something that cannot be had
   */
  public static ContainerConfig of(
      PodDefinition pod,
      JsonNode container,
      int attempt,
      ImageState image,
      Map<String, String> environment,
      List<Mount> mounts,
      PodSources.NodeFacts node) {
    String name = nameOf(container);
    ContainerConfig.Builder config =
        ContainerConfig.newBuilder()
            .setMetadata(ContainerMetadata.newBuilder().setName(name).setAttempt(attempt))
            .setImage(ImageSpec.newBuilder().setImage(image.id()))
            .addAllCommand(expanded(texts(container, "command"), environment))
            .addAllArgs(expanded(texts(container, "args"), environment))
            .setWorkingDir(text(container, "workingDir"))
            .addAllMounts(mounts)
            .putAllLabels(SandboxConfigs.identity(pod))
            .putLabels(Labels.CONTAINER_NAME, name)
            .putAnnotations(Labels.CONTAINER_HASH, PodDefinition.hashOf(container))
            .putAnnotations(Labels.RESTART_COUNT, Integer.toString(attempt))
            .putAnnotations(Labels.TERMINATION_MESSAGE_PATH, terminationPath(container))
            .putAnnotations(
                Labels.TERMINATION_MESSAGE_POLICY,
                find(container, "terminationMessagePolicy").orElse("File"))
            .setLogPath(name + "/" + attempt + ".log")
            .setStdin(flag(container, "stdin"))
            .setStdinOnce(flag(container, "stdinOnce"))
            .setTty(flag(container, "tty"))
            .setLinux(
                LinuxContainerConfig.newBuilder()
                    .setResources(resources(pod, container, node.memoryBytes()))
                    .setSecurityContext(
                        SecurityRules.container(pod, container, image, node.seccompFolder())));
    environment.forEach(
        (key, value) -> config.addEnvs(KeyValue.newBuilder().setKey(key).setValue(value)));
    return config.build();
  }

  /** The same container in the process namespace of another one. */
  public static ContainerConfig inProcessesOf(ContainerConfig config, String containerId) {
    ContainerConfig.Builder changed = config.toBuilder();
    changed
        .getLinuxBuilder()
        .getSecurityContextBuilder()
        .getNamespaceOptionsBuilder()
        .setPid(NamespaceMode.TARGET)
        .setTargetId(containerId);
    return changed.build();
  }

  public static String terminationPath(JsonNode container) {
    return find(container, "terminationMessagePath").orElse(TERMINATION_PATH);
  }

  private static List<String> expanded(List<String> words, Map<String, String> environment) {
    return words.stream()
        .map(word -> Expansion.expand(word, name -> Optional.ofNullable(environment.get(name))))
        .toList();
  }

  private static LinuxContainerResources resources(
      PodDefinition pod, JsonNode container, long nodeMemoryBytes) {
    PodResources given = PodResources.ofContainer(container);
    LinuxContainerResources.Builder resources =
        LinuxContainerResources.newBuilder()
            .setCpuShares(given.cpuShares())
            .setOomScoreAdj(PodResources.oomScoreAdjust(pod, container, nodeMemoryBytes));
    given
        .cpuQuotaMicros()
        .ifPresent(
            quota -> resources.setCpuQuota(quota).setCpuPeriod(PodResources.CPU_PERIOD_MICROS));
    given.memoryBytes().ifPresent(resources::setMemoryLimitInBytes);
    return resources.build();
  }
}
