package dev.ensemble.agent.pod;

import dev.ensemble.agent.core.pod.PodSources;
import dev.ensemble.agent.os.Cgroups;
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
    Clock clock,
    Executor io) {
  public static PodServices of(
      PodRuntime runtime,
      PodFolders folders,
      Optional<Cgroups> cgroups,
      EventSink events,
      Supplier<PodSources> sources,
      Clock clock,
      Executor io) {
    HttpActions http = new HttpActions(io);
    return new PodServices(
        runtime,
        folders,
        new Volumes(folders),
        cgroups,
        new Images(runtime),
        new Hooks(runtime, http),
        new Prober(runtime, http, io),
        new ContainerStates(runtime, folders, io),
        events,
        sources,
        clock,
        io);
  }
}
