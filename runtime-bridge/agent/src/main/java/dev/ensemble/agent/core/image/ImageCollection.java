package dev.ensemble.agent.core.image;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * What to remove when the disk is fuller than it should be: the kubelet's rule. Images that
 * something uses are never among it.
 *
 * @param remove in this order
 * @param bytesWanted what was to be freed, 0 when there is room
 * @param bytesFound what the images are said to take
 */
public record ImageCollection(List<Image> remove, long bytesWanted, long bytesFound) {
  public ImageCollection {
    remove = List.copyOf(remove);
  }

  /**
   * An image on this machine.
   *
   * @param lastUsed when something that uses it was last seen; the epoch when nothing was
   * @param held something uses it now, or it must be kept
   */
  public record Image(
      String id, long sizeBytes, Instant firstSeen, Instant lastUsed, boolean held) {}

  /** The file system of the images. */
  public record Disk(long capacityBytes, long availableBytes) {
    long usedPercent() {
      return capacityBytes <= 0 ? 0 : 100 - availableBytes * 100 / capacityBytes;
    }
  }

  /**
   * @param highPercent from here on images are removed; 100 is never
   * @param lowPercent until the disk is no fuller than this
   * @param ageMin younger images stay
   */
  public record Policy(int highPercent, int lowPercent, Duration ageMin) {}

  public static ImageCollection of(List<Image> images, Disk disk, Policy policy, Instant now) {
    if (policy.highPercent() >= 100 || disk.usedPercent() < policy.highPercent()) {
      return new ImageCollection(List.of(), 0, 0);
    }
    long wanted = disk.capacityBytes() * (100 - policy.lowPercent()) / 100 - disk.availableBytes();
    List<Image> removed = new ArrayList<>();
    long found = 0;
    for (Image image : longestUnusedFirst(images)) {
      boolean old = !image.firstSeen().plus(policy.ageMin()).isAfter(now);
      // What was used during this very look may be used again.
      if (!image.held() && old && image.lastUsed().isBefore(now) && found < wanted) {
        removed.add(image);
        found += image.sizeBytes();
      }
    }
    return new ImageCollection(removed, wanted, found);
  }

  private static List<Image> longestUnusedFirst(List<Image> images) {
    return images.stream()
        .sorted(
            Comparator.comparing(Image::lastUsed)
                .thenComparing(Image::firstSeen)
                .thenComparing(Image::id))
        .toList();
  }

  /** Whether less was found than wanted. */
  public boolean fallsShort() {
    return bytesFound < bytesWanted;
  }
}
