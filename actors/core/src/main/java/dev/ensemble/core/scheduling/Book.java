package dev.ensemble.core.scheduling;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * A scheduler's book of standing offers. What it has awarded, and what it is about to, it assumes
 * given until the node's own offer shows it. Not safe for several threads.
 */
public final class Book implements Market {
  private final Map<String, Integer> places = new HashMap<>();
  private final List<Offer> posted = new ArrayList<>();
  private final List<Offer> effective = new ArrayList<>();
  private final Map<String, Map<String, PodRequest>> assumed = new HashMap<>();
  private final Map<String, Integer> images = new HashMap<>();
  private final Topology topology = new Topology();
  private final PlacedPods pods = new PlacedPods(this::labels);
  private SpreadDefaults spreadDefaults = pod -> List.of();

  /** A market of one node. */
  static Book of(Offer offer) {
    Book book = new Book();
    book.post(offer);
    return book;
  }

  /** Where the labels of namespaces, and the default spread of pods, are read from. */
  public void surroundings(PodScope.NamespaceLabels namespaces, SpreadDefaults defaults) {
    pods.namespaces(namespaces);
    spreadDefaults = defaults;
  }

  /** Takes a node's newest offer and says what became better. */
  public Set<MarketEvent> post(Offer offer) {
    Integer place = places.get(offer.node());
    if (place == null) {
      places.put(offer.node(), posted.size());
      posted.add(offer);
      effective.add(offer);
      countImages(offer, 1);
      topology.count(offer.labels(), 1);
      pods.nodeChanged(offer.node());
      refresh(offer.node());
      return MarketEvent.between(Optional.empty(), offer);
    }
    Offer before = posted.set(place, offer);
    if (!before.labels().equals(offer.labels())) {
      topology.count(before.labels(), -1);
      topology.count(offer.labels(), 1);
      pods.nodeChanged(offer.node());
    }
    if (!before.images().keySet().equals(offer.images().keySet())) {
      countImages(before, -1);
      countImages(offer, 1);
    }
    refresh(offer.node());
    return MarketEvent.between(Optional.of(before), offer);
  }

  /** The node is gone. What was assumed on it is forgotten. */
  public void withdraw(String node) {
    Integer place = places.remove(node);
    if (place != null) {
      countImages(posted.get(place), -1);
      topology.count(posted.get(place).labels(), -1);
      pods.nodeChanged(node);
      int last = posted.size() - 1;
      Offer moved = posted.remove(last);
      Offer movedEffective = effective.remove(last);
      if (place != last) {
        posted.set(place, moved);
        effective.set(place, movedEffective);
        places.put(moved.node(), place);
      }
    }
    Map<String, PodRequest> forgotten = assumed.remove(node);
    if (forgotten != null) {
      forgotten.keySet().forEach(uid -> pods.release(uid, node));
    }
  }

  /** Counts the pod on the node as if it were given, until {@link #release}. */
  public void assume(String node, PodRequest pod) {
    assumed.computeIfAbsent(node, n -> new LinkedHashMap<>()).put(pod.uid(), pod);
    pods.assume(pod, node);
    refresh(node);
  }

  public void release(String node, String uid) {
    Map<String, PodRequest> here = assumed.get(node);
    if (here != null && here.remove(uid) != null) {
      if (here.isEmpty()) {
        assumed.remove(node);
      }
      pods.release(uid, node);
      refresh(node);
    }
  }

  /**
   * The pod is on its node, for all to see. Its node's offer says what that costs.
   *
   * @return the pod as it was shown before
   */
  public Optional<PodRequest> show(PodRequest pod) {
    Optional<PodRequest> before = pods.shown(pod.uid());
    pods.show(pod);
    return before;
  }

  /** The pod is gone or has ended; as it was last shown, if it was. */
  public Optional<PodRequest> hide(String uid) {
    Optional<PodRequest> last = pods.shown(uid);
    pods.hide(uid);
    return last;
  }

  /** The pods of a node, those included that are assumed to be there. */
  public List<PodRequest> podsOn(String node) {
    return pods.on(node);
  }

  /**
   * Answers a question as if some pods of one node were not there.
   *
   * @param emptier the node's offer without them
   */
  <T> T without(Set<String> uids, Offer emptier, Supplier<T> question) {
    int place = places.get(emptier.node());
    Offer whole = effective.set(place, emptier);
    try {
      return pods.without(uids, question);
    } finally {
      effective.set(place, whole);
    }
  }

  /** A namespace came, went or has other labels. */
  public void namespacesChanged() {
    pods.namespacesChanged();
  }

  @Override
  public PlacedPods pods() {
    return pods;
  }

  @Override
  public Topology topology() {
    return topology;
  }

  @Override
  public List<SpreadConstraint> defaultSpread(PodRequest pod) {
    return spreadDefaults.of(pod);
  }

  private Map<String, String> labels(String node) {
    Integer place = places.get(node);
    return place == null ? null : posted.get(place).labels();
  }

  @Override
  public List<Offer> offers() {
    return effective;
  }

  @Override
  public Optional<Offer> offer(String node) {
    return Optional.ofNullable(places.get(node)).map(effective::get);
  }

  @Override
  public int nodesWithImage(String image) {
    return images.getOrDefault(image, 0);
  }

  private void refresh(String node) {
    Integer place = places.get(node);
    if (place == null) {
      return;
    }
    Offer offer = posted.get(place);
    Usage usage = offer.usage();
    for (PodRequest pod : assumed.getOrDefault(node, Map.of()).values()) {
      if (!offer.underWay().contains(pod.uid())) {
        usage = usage.plus(pod);
      }
    }
    effective.set(place, offer.with(usage, offer.underWay()));
  }

  private void countImages(Offer offer, int by) {
    for (String image : offer.images().keySet()) {
      images.merge(image, by, (a, b) -> a + b == 0 ? null : a + b);
    }
  }
}
