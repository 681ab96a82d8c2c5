package dev.ensemble.agent.pod;

import dev.ensemble.agent.core.pod.PodSources;
import dev.ensemble.agent.observe.AgentMetrics;
import dev.ensemble.agent.os.Cgroups;
import dev.ensemble.agent.os.Mounts;
import dev.ensemble.agent.runtime.PodRuntime;
import java.time.Clock;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.Supplier;

/**
 * What pods' actors share.
 *
 * @param sources what is known of ConfigMaps, Secrets, Services and the node right now
 * @param cgroups empty without a kernel to limit (the simulated runtime)
 * @param tokens of service accounts, that pods hold
 * @param io runs what blocks
 */
public record PodServices(
    PodRuntime runtime,
    PodFolders folders,
    Volumes volumes,
    Optional<Cgroups> cgroups,
    Images images,
    Hooks hooks,
    Prober prober,
    ContainerStates states,
    EventSink events,
    Supplier<PodSources> sources,
    PodTokens tokens,
    AgentMetrics metrics,
    Clock clock,
    Executor io) {
  /**
   * What a node brings.
   *
   * @param pullsMax images pulled at once; further ones wait
   */
  public record Outside(TokenSource tokens, AgentMetrics metrics, int pullsMax) {}

  public static PodServices of(
      PodRuntime runtime,
      PodFolders folders,
      Optional<Cgroups> cgroups,
      EventSink events,
      Supplier<PodSources> sources,
      Outside outside,
      Clock clock,
      Executor io) {
    PodTokens tokens = new PodTokens(outside.tokens(), outside.metrics(), clock);
    HttpActions http = new HttpActions(io);
    return new PodServices(
        runtime,
        folders,
        new Volumes(folders, tokens, cgroups.isPresent() ? Mounts::tmpfs : Volumes.Tmpfs.NONE),
        cgroups,
        new Images(runtime::pullImage, runtime::image, outside.pullsMax(), outside.metrics()),
        new Hooks(runtime, http),
        new Prober(runtime, http, outside.metrics(), io),
        new ContainerStates(runtime, folders, io),
        events,
        sources,
        tokens,
        outside.metrics(),
        clock,
        io);
  }
}
