package dev.ensemble.core.scheduling.plugin;

import dev.ensemble.core.scheduling.Basis;
import dev.ensemble.core.scheduling.Market;
import dev.ensemble.core.scheduling.Offer;
import dev.ensemble.core.scheduling.PodRequest;
import dev.ensemble.core.scheduling.Score;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Prefers nodes that hold the pod's images already, by size. An image that few nodes hold counts
 * less, so that they are not crowded.
 */
public final class ImageLocality implements Score {
  /** Below this much of images nothing is gained (upstream's). */
  private static final long BYTES_MIN = 23L * 1024 * 1024;

  /** Above this much for each container nothing more is gained (upstream's). */
  private static final long BYTES_MAX_PER_CONTAINER = 1000L * 1024 * 1024;

  @Override
  public String name() {
    return "ImageLocality";
  }

  @Override
  public Optional<Scorer> scorer(PodRequest pod, Market market, List<Offer> feasible) {
    int nodes = market.offers().size();
    if (nodes == 0 || pod.images().isEmpty()) {
      return Optional.empty();
    }
    List<Wanted> wanted = new ArrayList<>();
    for (String image : pod.images()) {
      String name = normalized(image);
      wanted.add(new Wanted(name, (double) market.nodesWithImage(name) / nodes));
    }
    return Optional.of(offer -> score(wanted, offer));
  }

  private static long score(List<Wanted> wanted, Offer offer) {
    long sum = 0;
    for (Wanted image : wanted) {
      Long size = offer.images().get(image.name());
      if (size != null) {
        sum += (long) (size * image.spread());
      }
    }
    long max = BYTES_MAX_PER_CONTAINER * wanted.size();
    long bounded = Math.max(BYTES_MIN, Math.min(sum, max));
    return MAX * (bounded - BYTES_MIN) / (max - BYTES_MIN);
  }

  static String normalized(String image) {
    return image.lastIndexOf(':') <= image.lastIndexOf('/') ? image + ":latest" : image;
  }

  @Override
  public Basis basis() {
    return Basis.MARKET;
  }

  /**
   * @param spread the share of nodes that hold the image
   */
  private record Wanted(String name, double spread) {}
}
