package dev.ensemble.actors.scheduler;

import dev.ensemble.actors.node.BrokerReply;
import dev.ensemble.core.scheduling.Book;
import dev.ensemble.core.scheduling.Diagnosis;
import dev.ensemble.core.scheduling.Explanation;
import dev.ensemble.core.scheduling.MarketEvent;
import dev.ensemble.core.scheduling.Offer;
import dev.ensemble.core.scheduling.Placement;
import dev.ensemble.core.scheduling.PodRequest;
import dev.ensemble.core.scheduling.Preemption;
import dev.ensemble.core.scheduling.Profile;
import dev.ensemble.core.scheduling.Relations;
import dev.ensemble.core.scheduling.SchedulingQueue;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
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
  private final Nominations nominations = new Nominations(book);
  private final Preemption preemption;
  private final Map<String, WaitingPod> waiting = new HashMap<>();
  private final Map<String, Negotiation> underWay = new LinkedHashMap<>();
  private int start;

  Dealer(SchedulerSettings settings, Profile profile, Surroundings surroundings, Floor floor) {
    book.surroundings(surroundings::labels, surroundings::defaultSpread);
    this.settings = settings;
    this.profile = profile;
    this.placement = new Placement(profile);
    this.preemption = new Preemption(placement);
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
    String nominated = pod.request().nominatedNode();
    if (known == null && !nominated.isEmpty()) {
      nominations.set(pod.request(), nominated);
    }
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
    if (negotiation == null && nominations.forget(uid)) {
      queue.happened(EnumSet.of(MarketEvent.ROOM), now);
    }
    // The view is faster than the broker's answer: until that comes, its offer does not show the
    // pod, so what is assumed must stay.
    if (negotiation != null && !negotiation.awarded().equals(Optional.of(node))) {
      end(negotiation, now);
    }
  }

  /** The pod as it was last on its node; empty when it was on none, or has ended. */
  Optional<PodRequest> placed(String uid) {
    return book.pods().shown(uid);
  }

  /** The pod is on its node and has not ended. */
  void podPlaced(PodRequest pod, Instant now) {
    Optional<PodRequest> before = book.show(pod);
    boolean came = before.isEmpty() || !before.get().labels().equals(pod.labels());
    boolean leaves = pod.terminating() && !before.map(PodRequest::terminating).orElse(true);
    if (came || leaves) {
      MarketEvent what = came ? MarketEvent.PODS_CAME : MarketEvent.PODS_LEFT;
      happenedToPod(what, pod, now);
    }
  }

  /** The pod is gone or has ended, wherever it was. */
  void podGone(String uid, Instant now) {
    book.hide(uid).ifPresent(last -> happenedToPod(MarketEvent.PODS_LEFT, last, now));
  }

  private void happenedToPod(MarketEvent what, PodRequest pod, Instant now) {
    queue.happened(
        EnumSet.of(what), waits -> Relations.mayHelp(waits, pod, book.pods().namespaces()), now);
  }

  /**
   * Why a node would take the pod or not: as if it had no node, and without the room that is kept
   * for it, which must not stand in its own way.
   */
  Explanation explain(PodRequest pod, String node) {
    Negotiation negotiation = underWay.get(pod.uid());
    Optional<String> held =
        negotiation == null ? nominations.node(pod.uid()) : negotiation.assumed();
    held.ifPresent(n -> book.release(n, pod.uid()));
    Optional<PodRequest> shown = book.hide(pod.uid());
    Explanation explanation = placement.explain(pod, book, node, start, settings.callsMax());
    shown.ifPresent(book::show);
    held.ifPresent(n -> book.assume(n, pod));
    return explanation;
  }

  /** Labels of a namespace changed, or a namespace came or went. */
  void namespacesChanged(Instant now) {
    book.namespacesChanged();
    queue.happened(EnumSet.of(MarketEvent.PODS_CAME, MarketEvent.PODS_LEFT), now);
  }

  /** All pods that are known, waiting or placed. */
  Set<String> pods() {
    Set<String> all = new HashSet<>(waiting.keySet());
    all.addAll(book.pods().shown());
    return all;
  }

  void posted(Offer offer, Instant now) {
    queue.happened(book.post(offer), now);
  }

  void withdrawn(String node, Instant now) {
    book.withdraw(node);
    queue.happened(EnumSet.of(MarketEvent.NODE_REMOVED), now);
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
    if (waiting.containsKey(taken.uid())) {
      // The broker's answer is faster than the view, which will show it too.
      podPlaced(waiting.get(taken.uid()).request().at(taken.node()), now);
    }
    if (negotiation != null) {
      end(negotiation, now);
      attempted(negotiation, Floor.Attempt.SCHEDULED, now);
    }
    if (pod != null) {
      floor.scheduled(pod, taken.node());
    }
    waiting.remove(taken.uid());
    queue.remove(taken.uid());
    nominations.forget(taken.uid());
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
    if (negotiation.round() == 0) {
      nominations.lift(pod.uid());
    }
    Placement.Result result = find(pod);
    if (result.candidates().isEmpty()) {
      release(negotiation, now);
      underWay.remove(pod.uid());
      queue.refused(pod.uid(), profile.helpedBy(result.diagnosis().plugins()), now);
      refuse(negotiation.pod(), result.diagnosis(), now);
      attempted(negotiation, Floor.Attempt.UNSCHEDULABLE, now);
      return;
    }
    negotiation.begin(result.candidates(), result.diagnosis(), now.plus(settings.bidTimeout()));
    assume(negotiation, Optional.of(result.candidates().get(0).node()), now);
    result
        .candidates()
        .forEach(candidate -> floor.callForBid(candidate.node(), pod, negotiation.round()));
  }

  private Placement.Result find(PodRequest pod) {
    Optional<String> nominated = nominations.node(pod.uid());
    if (nominated.isPresent()) {
      Placement.Result there = placement.candidate(pod, book, nominated.get());
      if (!there.candidates().isEmpty()) {
        return there;
      }
    }
    Placement.Result result = placement.candidates(pod, book, start, settings.callsMax());
    start = book.offers().isEmpty() ? 0 : (start + result.step()) % book.offers().size();
    return result;
  }

  /** No node would take the pod as things are: perhaps one would if others were ended. */
  private void refuse(WaitingPod waits, Diagnosis diagnosis, Instant now) {
    PodRequest pod = waits.request();
    if (roomIsBeingMade(pod)) {
      nominations.restore(pod.uid());
      String why = " preemption: not eligible due to a terminating pod on the nominated node.";
      floor.unschedulable(waits, diagnosis.message() + why, nominations.node(pod.uid()));
      return;
    }
    nominations.forget(pod.uid());
    Preemption.Outcome outcome = preempt(pod, diagnosis);
    if (outcome.plan().isEmpty()) {
      String message = diagnosis.message(pod, outcome.counts());
      floor.unschedulable(waits, message, Optional.empty());
      return;
    }
    Preemption.Plan plan = outcome.plan().get();
    List<PodRequest> victims =
        plan.victims().stream().filter(victim -> !nominations.forget(victim.uid())).toList();
    nominations.set(pod, plan.node());
    floor.preempt(waits, plan.node(), victims);
    floor.unschedulable(waits, diagnosis.message(), Optional.of(plan.node()));
    if (victims.size() < plan.victims().size()) {
      // Nobody is waited for of those that only had a claim.
      queue.happened(EnumSet.of(MarketEvent.ROOM), now);
    }
  }

  private Preemption.Outcome preempt(PodRequest pod, Diagnosis diagnosis) {
    if (!pod.mayPreempt()) {
      return new Preemption.Outcome(Optional.empty(), Map.of());
    }
    List<String> nodes = diagnosis.nodesToPreempt(pod.priority());
    return preemption.plan(pod, book, nodes, start, List.of());
  }

  /** Whether pods are being ended where the pod is to go. */
  private boolean roomIsBeingMade(PodRequest pod) {
    return nominations
        .node(pod.uid())
        .filter(
            node ->
                book.podsOn(node).stream()
                    .anyMatch(p -> p.terminating() && p.priority() < pod.priority()))
        .isPresent();
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
    String uid = negotiation.pod().uid();
    underWay.remove(uid);
    if (waiting.containsKey(uid)) {
      nominations.restore(uid);
    } else {
      nominations.forget(uid);
    }
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
