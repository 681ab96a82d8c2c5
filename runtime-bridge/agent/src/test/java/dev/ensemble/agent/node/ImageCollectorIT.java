package dev.ensemble.agent.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ensemble.agent.SharedNode;
import dev.ensemble.agent.core.image.ImageCollection.Disk;
import dev.ensemble.agent.runtime.ImageState;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Isolated;

/**
 * What goes from a real containerd when its disk is said to be full. Needs root. Other classes'
 * pods would suffer.
 */
@Isolated
@ExtendWith(SharedNode.class)
class ImageCollectorIT {
  private static final Disk ROOMY = new Disk(1L << 40, 1L << 39);
  private static final Disk FULL = new Disk(1L << 40, 1L << 20);

  private static List<String> tags() {
    return SharedNode.node().runtime().images().toCompletableFuture().join().stream()
        .map(ImageState::tags)
        .flatMap(List::stream)
        .toList();
  }

  @Test
  void aFullDiskCostsUnusedImagesAndNoOthers() throws Exception {
    SharedNode.runScript("image-user", "sleep 1000", "");
    SharedNode.awaitPhase("image-user", "Running");
    String unused = "docker.io/library/nodejs:10.15.0";
    assertThat(tags()).contains(unused);
    List<String> shortfalls = new ArrayList<>();
    try (ImageCollector roomy =
        SharedNode.node().parts().imageCollector(() -> ROOMY, shortfalls::add)) {
      roomy.collect();
    }
    assertThat(tags()).contains(unused);
    assertThat(shortfalls).isEmpty();
    try (ImageCollector full =
        SharedNode.node().parts().imageCollector(() -> FULL, shortfalls::add)) {
      full.collect();
    }
    assertThat(tags())
        .doesNotContain(unused)
        .contains("docker.io/library/nginx:1.14.2", "registry.k8s.io/pause:3.6");
    assertThat(shortfalls).hasSize(1);
    assertThat(shortfalls.get(0))
        .startsWith("Failed to garbage collect required amount of images. Attempted to free ");
    SharedNode.end("image-user");
  }
}
