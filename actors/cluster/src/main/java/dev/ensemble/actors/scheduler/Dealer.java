package dev.ensemble.actors.scheduler;

import dev.ensemble.actors.node.BrokerReply;
import dev.ensemble.core.scheduling.Book;
import dev.ensemble.core.scheduling.MarketEvent;
import dev.ensemble.core.scheduling.Offer;
import dev.ensemble.core.scheduling.Placement;
import dev.ensemble.core.scheduling.PodRequest;
import dev.ensemble.core.scheduling.Profile;
import dev.ensemble.core.scheduling.SchedulingQueue;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What a scheduler knows and decides, without actors or a clock: the queue, the book, and what is
 * under way for each pod. Acts through a {@link Floor}. Not safe for several threads.
 */
final class Dealer {
  private final SchedulerSettings settings;
  private final Profile profile;
  private final Placement placement;
  private final Floor floor;
  private final SchedulingQueue queue;
  private final Book book = new Book();
  private final Map<String, WaitingPod> waiting = new HashMap<>();
  private final Map<String, Negotiation> underWay = new LinkedHashMap<>();
  private int start;

  Dealer(SchedulerSettings settings, Profile profile, Floor floor) {
    this.settings = settings;
    this.profile = profile;
    this.placement = new Placement(profile);
    this.floor = floor;
    this.queue = new SchedulingQueue(settings.queue());
  }

  void podWaits(WaitingPod pod, Instant now) {
    WaitingPod known = waiting.get(pod.uid());
    boolean wasGated = known != null && !known.request().schedulingGates().isEmpty();
    waiting.put(
        pod.uid(),
        known == null || wasGated ? pod : new WaitingPod(pod.key(), pod.request(), known.cause()));
    queue.put(pod.request(), now);
  }

  /**
   * The pod is gone, placed, or not ours any more.
   *
   * @param node where it is now, or empty
   */
  void podLeft(String uid, String node, Instant now) {
    waiting.remove(uid);
    queue.remove(uid);
    Negotiation negotiation = underWay.get(uid);
    // The view is faster than the broker's answer: until that comes, its offer does not show the
    // pod, so what is assumed must stay.
    if (negotiation != null && !negotiation.awarded().equals(Optional.of(node))) {
      end(negotiation, now);
    }
  }

  Set<String> pods() {
    return Set.copyOf(waiting.keySet());
  }

  void posted(Offer offer, Instant now) {
    queue.happened(book.post(offer), now);
  }

  void withdrawn(String node) {
    book.withdraw(node);
  }

  boolean knows(String node) {
    return book.offer(node).isPresent();
  }

  void answered(BrokerReply.Answered answer, Instant now) {
    answer.offer().ifPresent(offer -> posted(offer, now));
    Negotiation negotiation = underWay.get(answer.uid());
    if (negotiation == null
        || negotiation.awarded().isPresent()
        || negotiation.round() != answer.round()) {
      return;
    }
    if (answer.refusals().isEmpty()) {
      negotiation.bid(answer.node(), answer.scores());
    } else {
      negotiation.refuse(answer.node(), answer.refusals());
    }
    if (negotiation.complete()) {
      awardBest(negotiation, now);
    }
  }

  void taken(BrokerReply.Taken taken, Instant now) {
    taken.offer().ifPresent(offer -> posted(offer, now));
    Negotiation negotiation = underWay.get(taken.uid());
    WaitingPod pod = negotiation == null ? waiting.get(taken.uid()) : negotiation.pod();
    if (negotiation != null) {
      end(negotiation, now);
      attempted(negotiation, Floor.Attempt.SCHEDULED, now);
    }
    if (pod != null) {
      floor.scheduled(pod, taken.node());
    }
    waiting.remove(taken.uid());
    queue.remove(taken.uid());
  }

  void declined(BrokerReply.Declined declined, Instant now) {
    declined.offer().ifPresent(offer -> posted(offer, now));
    Negotiation negotiation = underWay.get(declined.uid());
    if (negotiation == null || !negotiation.awarded().equals(Optional.of(declined.node()))) {
      return;
    }
    negotiation.refuse(declined.node(), declined.refusals());
    awardBest(negotiation, now);
  }

  /**
   * Does what can be done now. Called after anything happened, and when something is {@link #due}.
   */
  void work(Instant now) {
    for (Negotiation negotiation : List.copyOf(underWay.values())) {
      if (!negotiation.deadline().isAfter(now)) {
        expire(negotiation, now);
      }
    }
    while (underWay.size() < settings.underWayMax()) {
      List<PodRequest> pods = queue.take(settings.underWayMax() - underWay.size(), now);
      if (pods.isEmpty()) {
        return;
      }
      for (PodRequest pod : pods) {
        Negotiation negotiation = new Negotiation(waiting.get(pod.uid()), now);
        underWay.put(pod.uid(), negotiation);
        call(negotiation, now);
      }
    }
  }

  Optional<Instant> due() {
    Optional<Instant> due = queue.due();
    for (Negotiation negotiation : underWay.values()) {
      Instant deadline = negotiation.deadline();
      due = Optional.of(due.filter(deadline::isAfter).orElse(deadline));
    }
    return due;
  }

  SchedulingQueue.Counts counts() {
    return queue.counts();
  }

  private void call(Negotiation negotiation, Instant now) {
    PodRequest pod = negotiation.pod().request();
    Placement.Result result = placement.candidates(pod, book, start, settings.callsMax());
    start = book.offers().isEmpty() ? 0 : (start + result.looked()) % book.offers().size();
    if (result.candidates().isEmpty()) {
      end(negotiation, now);
      queue.refused(pod.uid(), profile.helpedBy(result.diagnosis().plugins()), now);
      floor.unschedulable(negotiation.pod(), result.diagnosis());
      attempted(negotiation, Floor.Attempt.UNSCHEDULABLE, now);
      return;
    }
    negotiation.begin(result.candidates(), result.diagnosis(), now.plus(settings.bidTimeout()));
    assume(negotiation, Optional.of(result.candidates().get(0).node()), now);
    result
        .candidates()
        .forEach(candidate -> floor.callForBid(candidate.node(), pod, negotiation.round()));
  }

  private void awardBest(Negotiation negotiation, Instant now) {
    Optional<String> best = negotiation.best();
    if (best.isPresent()) {
      assume(negotiation, best, now);
      negotiation.award(best.get(), now.plus(settings.awardTimeout()));
      floor.award(best.get(), negotiation.pod(), negotiation.record());
    } else if (negotiation.round() < settings.roundsMax()) {
      assume(negotiation, Optional.empty(), now);
      call(negotiation, now);
    } else {
      fail(negotiation, now);
    }
  }

  private void fail(Negotiation negotiation, Instant now) {
    end(negotiation, now);
    queue.failed(negotiation.pod().uid(), now);
    attempted(negotiation, Floor.Attempt.ERROR, now);
  }

  private void attempted(Negotiation negotiation, Floor.Attempt attempt, Instant now) {
    floor.attempted(attempt, Duration.between(negotiation.began(), now));
  }

  private void expire(Negotiation negotiation, Instant now) {
    if (negotiation.awarded().isPresent()) {
      // The node's outcome is unknown; the pod's entity decides between its Bind and a later one.
      fail(negotiation, now);
      return;
    }
    negotiation.giveUpOnSilent();
    awardBest(negotiation, now);
  }

  private void end(Negotiation negotiation, Instant now) {
    release(negotiation, now);
    underWay.remove(negotiation.pod().uid());
  }

  private void release(Negotiation negotiation, Instant now) {
    assume(negotiation, Optional.empty(), now);
  }

  /** What was assumed on a node and is not any more is room that others may have been refused. */
  private void assume(Negotiation negotiation, Optional<String> node, Instant now) {
    if (negotiation.assumed().equals(node)) {
      return;
    }
    Optional<String> before = negotiation.assumed();
    negotiation.assume(node);
    node.ifPresent(n -> book.assume(n, negotiation.pod().request()));
    if (before.isPresent()) {
      book.release(before.get(), negotiation.pod().uid());
      queue.happened(EnumSet.of(MarketEvent.ROOM), now);
    }
  }
}
