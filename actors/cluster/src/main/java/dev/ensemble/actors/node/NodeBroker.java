package dev.ensemble.actors.node;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.SupervisorStrategy;
import akka.actor.typed.javadsl.AbstractBehavior;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.javadsl.Receive;
import akka.actor.typed.javadsl.TimerScheduler;
import dev.ensemble.actors.entity.Resident;
import dev.ensemble.actors.store.ObjectStore;
import dev.ensemble.actors.store.Outcome;
import dev.ensemble.actors.store.ResidentMessage;
import dev.ensemble.core.entity.ObjectCommand;
import dev.ensemble.core.object.ObjectKey;
import dev.ensemble.core.scheduling.NodeAccounts;
import dev.ensemble.core.scheduling.Offer;
import dev.ensemble.core.scheduling.Placement;
import dev.ensemble.core.scheduling.PodRequest;
import dev.ensemble.core.scheduling.Refusal;
import dev.ensemble.persistence.format.Provenance;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The seller's side of the market: gives away the resources of one node. It looks at the views
 * before each answer, and counts a pod from its promise on until the outcome of the Bind is known.
 * Wiring: the rules are in {@link NodeAccounts}.
 */
final class NodeBroker extends AbstractBehavior<ResidentMessage> {
  private static final String USER = "system:kube-scheduler";

  private final String node;
  private final ObjectStore store;
  private final NodeBrokers shared;
  private final TimerScheduler<ResidentMessage> timers;
  private final NodeAccounts accounts;
  private final NodeSight sight;
  private final Set<ActorRef<BrokerReply>> schedulers = new HashSet<>();
  private final Map<String, ActorRef<BrokerReply>> awaiting = new HashMap<>();
  private Optional<Offer> shown = Optional.empty();
  private boolean settling;

  private NodeBroker(
      ActorContext<ResidentMessage> context,
      TimerScheduler<ResidentMessage> timers,
      ObjectKey key,
      ObjectStore store,
      NodeBrokers shared) {
    super(context);
    this.node = key.name();
    this.store = store;
    this.shared = shared;
    this.timers = timers;
    this.accounts = new NodeAccounts(new Placement(shared.profile()));
    this.sight = new NodeSight(node, store, accounts);
    sight.look();
    for (Promises.Promise promise : shared.promises().of(node)) {
      accounts.restore(promise.pod());
      bind(promise);
    }
    Duration settle = shared.settings().settle();
    settling = !settle.isZero();
    if (settling) {
      timers.startSingleTimer(BrokerMessage.Settled.NOW, settle);
    }
  }

  static Behavior<ResidentMessage> create(ObjectKey key, ObjectStore store, NodeBrokers shared) {
    return Behaviors.<ResidentMessage>supervise(
            Behaviors.setup(
                context ->
                    Behaviors.withTimers(
                        timers -> new NodeBroker(context, timers, key, store, shared))))
        .onFailure(
            SupervisorStrategy.restartWithBackoff(
                Duration.ofMillis(100), Duration.ofSeconds(10), 0.2));
  }

  @Override
  public Receive<ResidentMessage> createReceive() {
    return newReceiveBuilder()
        .onMessage(Resident.Wake.class, wake -> showSoon())
        .onMessage(BrokerMessage.AskOffer.class, this::onAskOffer)
        .onMessage(BrokerMessage.CallForBids.class, this::onCallForBids)
        .onMessage(BrokerMessage.Award.class, this::onAward)
        .onMessage(BrokerMessage.BindAnswered.class, this::onBindAnswered)
        .onMessage(BrokerMessage.BindAgain.class, this::onBindAgain)
        .onMessageEquals(BrokerMessage.Show.NOW, this::onShow)
        .onMessageEquals(BrokerMessage.Settled.NOW, this::onSettled)
        .onMessage(BrokerMessage.SchedulerGone.class, this::onSchedulerGone)
        .build();
  }

  private Behavior<ResidentMessage> onAskOffer(BrokerMessage.AskOffer ask) {
    know(ask.scheduler());
    sight.look();
    ask.scheduler()
        .tell(
            accounts
                .offer()
                .<BrokerReply>map(BrokerReply.Posted::new)
                .orElseGet(() -> new BrokerReply.Withdrawn(node)));
    return this;
  }

  private Behavior<ResidentMessage> onCallForBids(BrokerMessage.CallForBids call) {
    know(call.scheduler());
    sight.look();
    Optional<Refusal> refusal = accounts.judge(call.pod());
    call.scheduler()
        .tell(
            new BrokerReply.Answered(
                node,
                call.pod().uid(),
                call.round(),
                refusal.map(Refusal::reasons).orElse(List.of()),
                refusal.isPresent() ? Map.of() : accounts.ownScores(call.pod()),
                refusal.isPresent() ? accounts.offer() : Optional.empty()));
    return this;
  }

  private Behavior<ResidentMessage> onAward(BrokerMessage.Award award) {
    know(award.scheduler());
    sight.look();
    Optional<PodRequest> pod = sight.pod(award.pod().namespace(), award.pod().name(), award.uid());
    if (pod.isEmpty() || (!pod.get().isPending() && !pod.get().nodeName().equals(node))) {
      return decline(award, List.of("the pod is gone or placed elsewhere"));
    }
    if (pod.get().nodeName().equals(node)) {
      award.scheduler().tell(new BrokerReply.Taken(node, award.uid(), accounts.offer()));
      return this;
    }
    if (awaiting.containsKey(award.uid()) || shared.promises().get(node, award.uid()).isPresent()) {
      awaiting.put(award.uid(), award.scheduler());
      return this;
    }
    if (settling || accounts.promised().size() >= shared.settings().promisesMax()) {
      return decline(award, List.of("node(s) were busy with other pods"));
    }
    Optional<Refusal> refusal = accounts.promise(pod.get());
    if (refusal.isPresent()) {
      return decline(award, refusal.get().reasons());
    }
    Promises.Promise promise =
        new Promises.Promise(award.pod(), pod.get(), award.bids(), award.cause(), 1);
    shared.promises().put(node, promise);
    awaiting.put(award.uid(), award.scheduler());
    bind(promise);
    return showSoon();
  }

  private Behavior<ResidentMessage> decline(BrokerMessage.Award award, List<String> reasons) {
    award.scheduler().tell(new BrokerReply.Declined(node, award.uid(), reasons, accounts.offer()));
    return this;
  }

  private void bind(Promises.Promise promise) {
    String uid = promise.pod().uid();
    ObjectCommand bind = new ObjectCommand.Bind(Optional.of(uid), node, promise.bids());
    Provenance provenance = Provenance.internal(USER, shared.clock().instant(), promise.cause());
    getContext()
        .pipeToSelf(
            store.submit(promise.key(), bind, provenance),
            (outcome, failure) ->
                new BrokerMessage.BindAnswered(uid, Optional.ofNullable(outcome)));
  }

  private Behavior<ResidentMessage> onBindAnswered(BrokerMessage.BindAnswered answer) {
    Optional<Promises.Promise> promise = shared.promises().get(node, answer.uid());
    if (promise.isEmpty()) {
      return this;
    }
    if (answer.outcome().isEmpty()) {
      askAgainLater(promise.get());
      return this;
    }
    sight.look();
    accounts.settle(answer.uid());
    shared.promises().remove(node, answer.uid());
    Optional<ActorRef<BrokerReply>> scheduler = Optional.ofNullable(awaiting.remove(answer.uid()));
    scheduler.ifPresent(s -> s.tell(result(answer.uid(), answer.outcome().get())));
    return showSoon();
  }

  /** A rejected Bind may be the second of two of which the first was made: the view tells. */
  private BrokerReply result(String uid, Outcome outcome) {
    if (accounts.holds(uid)) {
      return new BrokerReply.Taken(node, uid, accounts.offer());
    }
    return new BrokerReply.Declined(node, uid, List.of(outcome.toString()), accounts.offer());
  }

  private void askAgainLater(Promises.Promise promise) {
    Promises.Promise again = promise.again();
    shared.promises().put(node, again);
    Duration delay =
        shared.settings().bindRetry().multipliedBy(1L << Math.min(10, promise.attempts() - 1));
    Duration max = shared.settings().bindRetryMax();
    String uid = promise.pod().uid();
    timers.startSingleTimer(
        uid, new BrokerMessage.BindAgain(uid), delay.compareTo(max) > 0 ? max : delay);
  }

  private Behavior<ResidentMessage> onBindAgain(BrokerMessage.BindAgain again) {
    shared.promises().get(node, again.uid()).ifPresent(this::bind);
    return this;
  }

  private Behavior<ResidentMessage> showSoon() {
    if (!timers.isTimerActive(BrokerMessage.Show.NOW)) {
      timers.startSingleTimer(BrokerMessage.Show.NOW, shared.settings().showDelay());
    }
    return this;
  }

  private Behavior<ResidentMessage> onShow() {
    sight.look();
    Optional<Offer> offer = accounts.offer();
    if (!offer.equals(shown)) {
      shown = offer;
      BrokerReply reply =
          offer
              .<BrokerReply>map(BrokerReply.Posted::new)
              .orElseGet(() -> new BrokerReply.Withdrawn(node));
      schedulers.forEach(scheduler -> scheduler.tell(reply));
    }
    return this;
  }

  private Behavior<ResidentMessage> onSettled() {
    settling = false;
    return this;
  }

  private void know(ActorRef<BrokerReply> scheduler) {
    if (schedulers.add(scheduler)) {
      getContext().watchWith(scheduler, new BrokerMessage.SchedulerGone(scheduler));
    }
  }

  private Behavior<ResidentMessage> onSchedulerGone(BrokerMessage.SchedulerGone gone) {
    schedulers.remove(gone.scheduler());
    return this;
  }
}
