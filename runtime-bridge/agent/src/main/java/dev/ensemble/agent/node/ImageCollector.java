package dev.ensemble.agent.node;

import static dev.ensemble.agent.core.Fields.text;

import dev.ensemble.agent.AgentSettings.ImageSettings;
import dev.ensemble.agent.core.image.ImageCollection;
import dev.ensemble.agent.core.image.ImageCollection.Disk;
import dev.ensemble.agent.core.image.ImageCollection.Image;
import dev.ensemble.agent.observe.AgentMetrics;
import dev.ensemble.agent.runtime.ContainerState;
import dev.ensemble.agent.runtime.ImageState;
import dev.ensemble.agent.runtime.PodRuntime;
import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Looks at the disk of the images now and then, and removes images that nothing uses. */
// The stages ignored here end in what they lead to; their failures are handled there.
@SuppressWarnings("FutureReturnValueIgnored")
public final class ImageCollector implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ImageCollector.class);

  private final PodRuntime runtime;
  private final PodDirectory directory;
  private final ImageCollection.Policy policy;
  private final Set<String> kept;
  private final Supplier<Disk> disk;
  private final AgentMetrics metrics;
  private final Consumer<String> shortfall;
  private final Clock clock;
  private final Map<String, Seen> seen = new HashMap<>();
  private boolean looked;
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(
          runnable -> {
            Thread made = new Thread(null, runnable, "image-collector", 128 * 1024);
            made.setDaemon(true);
            return made;
          });

  private record Seen(Instant first, Instant lastUsed) {}

  /**
   * @param kept names of images that stay, besides those of the settings
   * @param shortfall hears why not enough could be removed
   */
  ImageCollector(
      PodRuntime runtime,
      PodDirectory directory,
      ImageSettings settings,
      Set<String> kept,
      Supplier<Disk> disk,
      AgentMetrics metrics,
      Consumer<String> shortfall,
      Clock clock) {
    this.runtime = runtime;
    this.directory = directory;
    this.policy =
        new ImageCollection.Policy(
            settings.highPercent(), settings.lowPercent(), settings.ageMin());
    this.kept = new HashSet<>(settings.kept());
    this.kept.addAll(kept);
    this.disk = disk;
    this.metrics = metrics;
    this.shortfall = shortfall;
    this.clock = clock;
  }

  void start(long seconds) {
    thread.scheduleWithFixedDelay(this::collectQuietly, 0, seconds, TimeUnit.SECONDS);
  }

  private void collectQuietly() {
    try {
      collect();
    } catch (CompletionException e) {
      LOG.warn("images were not looked at", e);
    }
  }

  /** One look; blocks. */
  synchronized void collect() {
    Instant now = clock.instant();
    List<ImageState> images = runtime.images().toCompletableFuture().join();
    List<ContainerState> containers = runtime.inventory().toCompletableFuture().join().containers();
    Set<String> used = new HashSet<>(wanted());
    containers.forEach(
        container -> {
          used.add(container.image());
          used.add(container.imageId());
        });
    List<Image> judged = images.stream().map(image -> judge(image, used, now)).toList();
    seen.keySet().retainAll(images.stream().map(ImageState::id).toList());
    looked = true;
    ImageCollection plan = ImageCollection.of(judged, disk.get(), policy, now);
    plan.remove().forEach(this::remove);
    if (plan.fallsShort()) {
      shortfall.accept(
          "Failed to garbage collect required amount of images. Attempted to free "
              + plan.bytesWanted()
              + " bytes, but only found "
              + plan.bytesFound()
              + " bytes eligible to free.");
    }
  }

  /** Pods that are to run here need their images, whether a container is there or not. */
  private Set<String> wanted() {
    Set<String> names = new HashSet<>();
    directory
        .all()
        .forEach(entry -> entry.pod().allContainers().forEach(c -> names.add(text(c, "image"))));
    return names;
  }

  private Image judge(ImageState image, Set<String> used, Instant now) {
    List<String> names =
        Stream.of(List.of(image.id()), image.tags(), image.digests())
            .flatMap(List::stream)
            .toList();
    boolean inUse = names.stream().anyMatch(name -> named(name, used));
    // What was there before the agent looked first is not young.
    Seen before =
        seen.getOrDefault(image.id(), new Seen(looked ? now : Instant.EPOCH, Instant.EPOCH));
    Seen after = new Seen(before.first(), inUse ? now : before.lastUsed());
    seen.put(image.id(), after);
    boolean held = inUse || image.pinned() || names.stream().anyMatch(name -> named(name, kept));
    return new Image(image.id(), image.sizeBytes(), after.first(), after.lastUsed(), held);
  }

  /** Manifests leave out what Docker's registry has by default. */
  private static boolean named(String name, Set<String> names) {
    String brief = name.replaceFirst("^docker\\.io/(library/)?", "");
    return names.contains(name)
        || names.contains(brief)
        || (brief.endsWith(":latest")
            && names.contains(brief.substring(0, brief.length() - ":latest".length())));
  }

  private void remove(Image image) {
    try {
      runtime.removeImage(image.id()).toCompletableFuture().join();
      metrics.imageRemoved();
      LOG.info("removed image {}, {} bytes: the disk is full", image.id(), image.sizeBytes());
    } catch (CompletionException e) {
      LOG.warn("cannot remove image {}", image.id(), e);
    }
  }

  /** The disk that a folder is on. */
  static Disk diskOf(Path folder) {
    try {
      FileStore store = Files.getFileStore(folder);
      return new Disk(store.getTotalSpace(), store.getUsableSpace());
    } catch (IOException e) {
      LOG.warn("the disk of {} cannot be read", folder, e);
      return new Disk(0, 0);
    }
  }

  @Override
  public void close() {
    thread.shutdownNow();
  }
}
