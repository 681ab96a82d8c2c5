package dev.ensemble.actors.scheduler;

import dev.ensemble.core.entity.Bid;
import dev.ensemble.core.scheduling.Diagnosis;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What is under way for one pod: who was called, who answered, who has the award. */
final class Negotiation {
  private final WaitingPod pod;
  private final Instant began;
  private int round;
  private final Map<String, Bid> called = new LinkedHashMap<>();
  private final Set<String> silent = new HashSet<>();
  private final Map<String, Bid> bids = new LinkedHashMap<>();
  private final Map<String, Bid> refusals = new LinkedHashMap<>();
  private List<Bid> refusedByBook = List.of();
  private Optional<String> assumed = Optional.empty();
  private Optional<String> awarded = Optional.empty();
  private Instant deadline = Instant.MAX;

  Negotiation(WaitingPod pod, Instant began) {
    this.pod = pod;
    this.began = began;
  }

  Instant began() {
    return began;
  }

  /** Calls new candidates. Refusals of earlier rounds stay known. */
  void begin(List<Bid> candidates, Diagnosis diagnosis, Instant newDeadline) {
    round++;
    called.clear();
    silent.clear();
    bids.clear();
    awarded = Optional.empty();
    deadline = newDeadline;
    refusedByBook = diagnosis.record();
    for (Bid candidate : candidates) {
      called.put(candidate.node(), candidate);
      silent.add(candidate.node());
    }
  }

  /** Takes a bid: what the node tells of itself replaces what the book said. */
  void bid(String node, Map<String, Long> liveScores) {
    Bid candidate = called.get(node);
    if (candidate == null || !silent.remove(node)) {
      return;
    }
    Map<String, Long> scores = new HashMap<>(candidate.scores());
    scores.putAll(liveScores);
    // In an earlier round it may have refused, or been too slow.
    refusals.remove(node);
    long total = scores.values().stream().mapToLong(Long::longValue).sum();
    bids.put(node, new Bid(node, total, scores, List.of()));
  }

  void refuse(String node, List<String> reasons) {
    silent.remove(node);
    bids.remove(node);
    refusals.put(node, new Bid(node, 0, Map.of(), reasons));
  }

  /** All who have not answered are taken to refuse. */
  void giveUpOnSilent() {
    List.copyOf(silent).forEach(node -> refuse(node, List.of("node(s) did not answer in time")));
  }

  boolean complete() {
    return silent.isEmpty();
  }

  Optional<String> best() {
    return bids.values().stream()
        .max(Comparator.comparingLong(Bid::score).thenComparing(Bid::node))
        .map(Bid::node);
  }

  void award(String node, Instant newDeadline) {
    awarded = Optional.of(node);
    deadline = newDeadline;
  }

  Optional<String> awarded() {
    return awarded;
  }

  /** Bids first, then refusals: of nodes that were called, then of those the book ruled out. */
  List<Bid> record() {
    List<Bid> record = new ArrayList<>(bids.values());
    record.addAll(refusals.values());
    for (Bid refusal : refusedByBook) {
      if (!refusals.containsKey(refusal.node())) {
        record.add(refusal);
      }
    }
    return record;
  }

  void assume(Optional<String> node) {
    assumed = node;
  }

  Optional<String> assumed() {
    return assumed;
  }

  Instant deadline() {
    return deadline;
  }

  WaitingPod pod() {
    return pod;
  }

  int round() {
    return round;
  }
}
