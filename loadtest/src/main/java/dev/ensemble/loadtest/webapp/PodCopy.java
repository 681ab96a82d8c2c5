package dev.ensemble.loadtest.webapp;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.ensemble.agent.cri.v1.Container;
import dev.ensemble.agent.cri.v1.ContainerConfig;
import dev.ensemble.agent.cri.v1.ContainerStatusRequest;
import dev.ensemble.agent.cri.v1.ListContainersRequest;
import dev.ensemble.agent.cri.v1.ListPodSandboxRequest;
import dev.ensemble.agent.cri.v1.Mount;
import dev.ensemble.agent.cri.v1.PodSandbox;
import dev.ensemble.agent.cri.v1.PodSandboxConfig;
import dev.ensemble.agent.cri.v1.PodSandboxStatusRequest;
import dev.ensemble.agent.runtime.Labels;
import dev.ensemble.loadtest.machine.Programs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What the agent asked of containerd for one pod, to be asked once more: the same but for its
 * names, its folders, which are copies, and its cgroup.
 */
record PodCopy(PodSandboxConfig sandbox, List<ContainerConfig> containers) {
  private static final ObjectMapper JSON = new ObjectMapper();

  /**
   * Copies all pods of a Deployment that run now.
   *
   * @param agent the folder of the node's agent
   * @param folder for the copies of pods' folders
   * @param cgroup the parent of the copies' cgroups
   */
  static List<PodCopy> of(Cri cri, String app, Path agent, Path folder, String cgroup)
      throws IOException {
    List<PodCopy> copies = new ArrayList<>();
    for (PodSandbox sandbox :
        Cri.stage(cri.runtime().listPodSandbox(ListPodSandboxRequest.getDefaultInstance()))
            .join()
            .getItemsList()) {
      if (app.equals(sandbox.getLabelsMap().get("app"))) {
        copies.add(copy(cri, sandbox, agent, folder, cgroup));
      }
    }
    return copies;
  }

  private static PodCopy copy(Cri cri, PodSandbox pod, Path agent, Path folder, String cgroup)
      throws IOException {
    String uid = pod.getMetadata().getUid();
    Path from = agent.resolve("pods").resolve(uid);
    Path to = folder.resolve(uid);
    Programs.output(List.of("cp", "-a", from.toString(), to.toString()));
    Files.createDirectories(to.resolve("log"));
    PodSandboxConfig.Builder sandbox = sandbox(cri, pod.getId());
    sandbox.getMetadataBuilder().setUid(uid + "-direct");
    String parent = sandbox.getLinux().getCgroupParent();
    sandbox
        .getLinuxBuilder()
        .setCgroupParent("/" + cgroup + parent.substring(parent.indexOf('/', 1)));
    sandbox.setLogDirectory(to.resolve("log").toString()).removeLabels(Labels.POD_UID);
    List<ContainerConfig> containers = new ArrayList<>();
    for (Container container :
        Cri.stage(cri.runtime().listContainers(ListContainersRequest.getDefaultInstance()))
            .join()
            .getContainersList()) {
      if (container.getPodSandboxId().equals(pod.getId())) {
        ContainerConfig.Builder config = container(cri, container.getId());
        Files.createDirectories(to.resolve("log").resolve(config.getLogPath()).getParent());
        for (Mount.Builder mount : config.getMountsBuilderList()) {
          mount.setHostPath(mount.getHostPath().replace(from.toString(), to.toString()));
        }
        containers.add(config.removeLabels(Labels.POD_UID).build());
      }
    }
    return new PodCopy(sandbox.build(), containers);
  }

  private static PodSandboxConfig.Builder sandbox(Cri cri, String id) throws IOException {
    return CriJson.read(
        config(
            Cri.stage(
                    cri.runtime()
                        .podSandboxStatus(
                            PodSandboxStatusRequest.newBuilder()
                                .setPodSandboxId(id)
                                .setVerbose(true)
                                .build()))
                .join()
                .getInfoMap()),
        PodSandboxConfig.newBuilder());
  }

  private static ContainerConfig.Builder container(Cri cri, String id) throws IOException {
    return CriJson.read(
        config(
            Cri.stage(
                    cri.runtime()
                        .containerStatus(
                            ContainerStatusRequest.newBuilder()
                                .setContainerId(id)
                                .setVerbose(true)
                                .build()))
                .join()
                .getInfoMap()),
        ContainerConfig.newBuilder());
  }

  private static JsonNode config(Map<String, String> info) throws IOException {
    JsonNode config = JSON.readTree(info.getOrDefault("info", "{}")).path("config");
    if (config.isEmpty()) {
      throw new IOException("containerd does not tell how it was asked: " + info.keySet());
    }
    return config;
  }
}
