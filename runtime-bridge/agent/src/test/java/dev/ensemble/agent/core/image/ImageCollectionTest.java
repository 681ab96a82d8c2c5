package dev.ensemble.agent.core.image;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ensemble.agent.core.image.ImageCollection.Disk;
import dev.ensemble.agent.core.image.ImageCollection.Image;
import dev.ensemble.agent.core.image.ImageCollection.Policy;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class ImageCollectionTest {
  private static final Instant NOW = Instant.parse("2026-01-01T12:00:00Z");
  private static final Policy POLICY = new Policy(85, 80, Duration.ofMinutes(2));
  private static final Image OLD = image("old", 3, 3600);
  private static final Image OLDER = image("older", 4, 7200);
  private static final Image NEVER = new Image("never", 2, Instant.EPOCH, Instant.EPOCH, false);

  private static Image image(String id, long bytes, int unusedSeconds) {
    return new Image(id, bytes, Instant.EPOCH, NOW.minusSeconds(unusedSeconds), false);
  }

  private static ImageCollection collect(List<Image> images, long available) {
    return ImageCollection.of(images, new Disk(100, available), POLICY, NOW);
  }

  @Test
  void nothingIsRemovedBelowTheHighMark() {
    assertThat(collect(List.of(OLD, OLDER), 16)).isEqualTo(new ImageCollection(List.of(), 0, 0));
  }

  @Test
  void theLongestUnusedGoUntilTheLowMark() {
    assertThat(collect(List.of(OLD, OLDER, NEVER), 15))
        .isEqualTo(new ImageCollection(List.of(NEVER, OLDER), 5, 6));
    assertThat(collect(List.of(OLD, OLDER, NEVER), 18 - 5))
        .isEqualTo(new ImageCollection(List.of(NEVER, OLDER, OLD), 7, 9));
  }

  @Test
  void whatIsHeldOrYoungStaysHoweverFullTheDiskIs() {
    Image held = new Image("held", 50, Instant.EPOCH, Instant.EPOCH, true);
    Image young = new Image("young", 50, NOW.minusSeconds(119), Instant.EPOCH, false);
    Image aged = new Image("aged", 1, NOW.minusSeconds(120), Instant.EPOCH, false);
    ImageCollection plan = collect(List.of(held, young, aged), 0);
    assertThat(plan).isEqualTo(new ImageCollection(List.of(aged), 20, 1));
    assertThat(plan.fallsShort()).isTrue();
  }

  @Test
  void aHundredPercentIsNever() {
    assertThat(
            ImageCollection.of(
                List.of(OLD), new Disk(100, 0), new Policy(100, 80, Duration.ZERO), NOW))
        .isEqualTo(new ImageCollection(List.of(), 0, 0));
  }
}
