package dev.ensemble.actors.scheduler;

import akka.actor.typed.ActorRef;
import akka.actor.typed.ActorSystem;
import akka.actor.typed.Behavior;
import akka.actor.typed.PostStop;
import akka.actor.typed.PreRestart;
import akka.actor.typed.SupervisorStrategy;
import akka.actor.typed.javadsl.AbstractBehavior;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.AskPattern;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.javadsl.Receive;
import akka.actor.typed.javadsl.TimerScheduler;
import dev.ensemble.actors.controller.Announcer;
import dev.ensemble.actors.entity.Resident;
import dev.ensemble.actors.node.BrokerMessage;
import dev.ensemble.actors.node.BrokerReply;
import dev.ensemble.actors.store.ObjectStore;
import dev.ensemble.actors.view.Change;
import dev.ensemble.actors.view.Snapshot;
import dev.ensemble.actors.view.StoredObject;
import dev.ensemble.core.controller.Note;
import dev.ensemble.core.controller.Reference;
import dev.ensemble.core.entity.Bid;
import dev.ensemble.core.object.ObjectKey;
import dev.ensemble.core.object.ResourceName;
import dev.ensemble.core.scheduling.Explanation;
import dev.ensemble.core.scheduling.PodRequest;
import dev.ensemble.core.scheduling.Profile;
import dev.ensemble.persistence.format.EventId;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The buyer's side of the market: follows pods and nodes, and lets a {@link Dealer} find nodes for
 * the pods that name this scheduler. Wiring only.
 */
public final class Scheduler extends AbstractBehavior<Scheduler.Message> implements Floor {
  private static final ResourceName PODS = ResourceName.parse("pods");
  private static final ResourceName NODES = ResourceName.parse("nodes");
  private static final ResourceName NAMESPACES = ResourceName.parse("namespaces");

  /** How often nodes that owe an offer are asked again, and a share of all others. */
  private static final Duration ROUND = Duration.ofSeconds(1);

  private static final Duration EXPLANATION_MAX = Duration.ofSeconds(10);

  private final SchedulerSettings settings;
  private final ObjectStore store;
  private final Clock clock;
  private final TimerScheduler<Message> timers;
  private final Dealer dealer;
  private final UnschedulableReports reports;
  private final Evictions evictions;
  private final Announcer events;
  private final SchedulerMetrics metrics;
  private final ActorRef<BrokerReply> self;
  private final Feed pods;
  private final Feed nodes;
  private final Feed namespaces;
  private final StoreSurroundings surroundings;
  private Iterator<StoredObject> refreshing = List.<StoredObject>of().iterator();
  private Optional<Instant> alarm = Optional.empty();

  /** What the scheduler is told. */
  public sealed interface Message {}

  /** Asks why a node would take a pod or not. */
  public record Explain(PodRequest pod, String node, ActorRef<Explanation> replyTo)
      implements Message {}

  record FromNode(BrokerReply reply) implements Message {}

  record Changed(Change change) implements Message {}

  record FeedEnded(ResourceName resource) implements Message {}

  record Reported(String uid) implements Message {}

  record Evicted(String uid) implements Message {}

  enum Due implements Message {
    NOW
  }

  enum Refresh implements Message {
    NOW
  }

  private Scheduler(
      ActorContext<Message> context,
      TimerScheduler<Message> timers,
      SchedulerSettings settings,
      Profile profile,
      ObjectStore store,
      Announcer events,
      Clock clock) {
    super(context);
    this.settings = settings;
    this.store = store;
    this.clock = clock;
    this.timers = timers;
    this.events = events;
    this.metrics = new SchedulerMetrics(settings.name());
    this.surroundings = new StoreSurroundings(store);
    this.dealer = new Dealer(settings, profile, surroundings, this);
    this.evictions = new Evictions(context, store, clock, settings.name());
    this.reports = new UnschedulableReports(context, store, clock);
    this.self = context.messageAdapter(BrokerReply.class, FromNode::new);
    this.nodes = new Feed(store.view(NODES), context.getSelf());
    this.pods = new Feed(store.view(PODS), context.getSelf());
    this.namespaces = new Feed(store.view(NAMESPACES), context.getSelf());
    follow(NAMESPACES);
    follow(NODES);
    follow(PODS);
    timers.startTimerWithFixedDelay(Refresh.NOW, ROUND);
    work();
  }

  /** A scheduler. It finds the brokers of nodes through {@code store}. */
  public static Behavior<Message> create(
      SchedulerSettings settings,
      Profile profile,
      ObjectStore store,
      Announcer events,
      Clock clock) {
    return Behaviors.<Message>supervise(
            Behaviors.setup(
                context ->
                    Behaviors.withTimers(
                        timers ->
                            new Scheduler(
                                context, timers, settings, profile, store, events, clock))))
        .onFailure(
            SupervisorStrategy.restartWithBackoff(
                Duration.ofMillis(100), Duration.ofSeconds(10), 0.2));
  }

  /** Asks a scheduler that was made by {@link #create}. */
  public static Advice advice(ActorSystem<?> system, ActorRef<Message> scheduler) {
    return (pod, node) ->
        AskPattern.ask(
            scheduler,
            replyTo -> new Explain(pod, node, replyTo),
            EXPLANATION_MAX,
            system.scheduler());
  }

  @Override
  public Receive<Message> createReceive() {
    return newReceiveBuilder()
        .onMessage(FromNode.class, message -> onReply(message.reply()))
        .onMessage(Changed.class, message -> onChange(message.change()))
        .onMessage(FeedEnded.class, message -> onFeedEnded(message.resource()))
        .onMessage(Reported.class, this::onReported)
        .onMessage(Evicted.class, this::onEvicted)
        .onMessage(Explain.class, this::onExplain)
        .onMessageEquals(Due.NOW, this::onDue)
        .onMessageEquals(Refresh.NOW, this::onRefresh)
        .onSignal(PostStop.class, stop -> onStop())
        .onSignal(PreRestart.class, restart -> onStop())
        .build();
  }

  private Behavior<Message> onReply(BrokerReply reply) {
    Instant now = clock.instant();
    if (reply instanceof BrokerReply.Posted posted) {
      dealer.posted(posted.offer(), now);
    } else if (reply instanceof BrokerReply.Withdrawn withdrawn) {
      dealer.withdrawn(withdrawn.node(), now);
    } else if (reply instanceof BrokerReply.Answered answer) {
      dealer.answered(answer, now);
    } else if (reply instanceof BrokerReply.Taken taken) {
      dealer.taken(taken, now);
    } else if (reply instanceof BrokerReply.Declined declined) {
      dealer.declined(declined, now);
    }
    return work();
  }

  private Behavior<Message> onChange(Change change) {
    ResourceName resource = change.object().key().resource();
    if (resource.equals(NODES)) {
      onNode(change);
    } else if (resource.equals(PODS)) {
      onPod(change);
    } else {
      surroundings.namespaceChanged(change.object().key().name());
      dealer.namespacesChanged(clock.instant());
    }
    return work();
  }

  private void onNode(Change change) {
    String node = change.object().key().name();
    if (change.type() == Change.Type.DELETED) {
      dealer.withdrawn(node, clock.instant());
    } else {
      ask(node);
    }
  }

  private void onPod(Change change) {
    PodRequest now = PodRequest.read(change.object().tree());
    boolean deleted = change.type() == Change.Type.DELETED;
    // The node's broker looks at the view itself; it only has to know that it should.
    if (!now.nodeName().isEmpty() && (deleted || takesOtherwise(change.object().uid(), now))) {
      store.tell(node(now.nodeName()), new Resident.Wake(change.event()));
    }
    if (deleted) {
      dealer.podLeft(change.object().uid(), "", clock.instant());
      dealer.podGone(change.object().uid(), clock.instant());
    } else {
      see(change.object(), now, change.event());
    }
  }

  private boolean takesOtherwise(String uid, PodRequest now) {
    return dealer.placed(uid).map(before -> !before.takesSameAs(now)).orElse(true);
  }

  private void see(StoredObject object, PodRequest pod, EventId cause) {
    if (pod.isPending() && pod.schedulerName().equals(settings.name())) {
      dealer.podWaits(new WaitingPod(object.key(), pod, cause), clock.instant());
    } else {
      dealer.podLeft(object.uid(), pod.nodeName(), clock.instant());
    }
    if (pod.finished()) {
      dealer.podGone(object.uid(), clock.instant());
    } else if (!pod.nodeName().isEmpty()) {
      dealer.podPlaced(pod, clock.instant());
    }
  }

  private Behavior<Message> onFeedEnded(ResourceName resource) {
    follow(resource);
    return work();
  }

  private void follow(ResourceName resource) {
    Feed feed = resource.equals(PODS) ? pods : resource.equals(NODES) ? nodes : namespaces;
    Optional<Snapshot> snapshot = feed.follow();
    if (snapshot.isEmpty()) {
      timers.startSingleTimer(resource, new FeedEnded(resource), ROUND);
    } else if (feed == pods) {
      seeAllPods(snapshot.get());
    } else if (feed == nodes) {
      snapshot.get().all().forEach(object -> ask(object.key().name()));
    } else {
      surroundings.namespacesChanged();
      dealer.namespacesChanged(clock.instant());
    }
  }

  private void seeAllPods(Snapshot snapshot) {
    Set<String> gone = new HashSet<>(dealer.pods());
    for (StoredObject object : snapshot.all()) {
      gone.remove(object.uid());
      EventId last = new EventId(object.key().entityId(), object.sequence());
      see(object, PodRequest.read(object.tree()), last);
    }
    for (String uid : gone) {
      dealer.podLeft(uid, "", clock.instant());
      dealer.podGone(uid, clock.instant());
    }
  }

  private Behavior<Message> onRefresh() {
    metrics.waiting(dealer.counts());
    Snapshot snapshot = store.view(NODES).snapshot();
    if (!refreshing.hasNext()) {
      refreshing = snapshot.all().iterator();
    }
    long share = 1 + snapshot.size() * ROUND.toMillis() / settings.refreshPeriod().toMillis();
    for (long i = 0; i < share && refreshing.hasNext(); i++) {
      ask(refreshing.next().key().name());
    }
    for (StoredObject object : snapshot.all()) {
      if (!dealer.knows(object.key().name())) {
        ask(object.key().name());
      }
    }
    return work();
  }

  private Behavior<Message> onReported(Reported reported) {
    reports.done(reported.uid());
    return this;
  }

  private Behavior<Message> onEvicted(Evicted evicted) {
    evictions.done(evicted.uid());
    return this;
  }

  private Behavior<Message> onExplain(Explain question) {
    question.replyTo().tell(dealer.explain(question.pod(), question.node()));
    return this;
  }

  private Behavior<Message> onDue() {
    alarm = Optional.empty();
    return work();
  }

  private Behavior<Message> onStop() {
    pods.stop();
    nodes.stop();
    namespaces.stop();
    return this;
  }

  private Behavior<Message> work() {
    Instant now = clock.instant();
    dealer.work(now);
    Optional<Instant> due = dealer.due();
    if (!due.equals(alarm)) {
      alarm = due;
      timers.cancel(Due.NOW);
      due.ifPresent(
          at -> {
            Duration left = Duration.between(now, at);
            timers.startSingleTimer(
                Due.NOW, Due.NOW, left.isNegative() || left.isZero() ? Duration.ofMillis(1) : left);
          });
    }
    return this;
  }

  private void ask(String node) {
    store.tell(node(node), new BrokerMessage.AskOffer(self));
  }

  static ObjectKey key(PodRequest pod) {
    return new ObjectKey(PODS, pod.namespace(), pod.name());
  }

  private static ObjectKey node(String name) {
    return new ObjectKey(NODES, "", name);
  }

  @Override
  public void callForBid(String node, PodRequest pod, int round) {
    store.tell(node(node), new BrokerMessage.CallForBids(pod, round, self));
  }

  @Override
  public void award(String node, WaitingPod pod, List<Bid> bids) {
    store.tell(
        node(node),
        new BrokerMessage.Award(pod.key(), pod.uid(), bids, Optional.of(pod.cause()), self));
  }

  @Override
  public void scheduled(WaitingPod pod, String node) {
    reports.forget(pod.uid());
    String text = "Successfully assigned " + pod.request().fullName() + " to " + node;
    announce(pod, Note.Type.NORMAL, "Scheduled", text);
  }

  @Override
  public void attempted(Attempt attempt, Duration took) {
    metrics.attempted(attempt, took);
  }

  @Override
  public void unschedulable(WaitingPod pod, String message, Optional<String> nominated) {
    reports.report(pod, message, nominated);
    announce(pod, Note.Type.WARNING, "FailedScheduling", message);
  }

  @Override
  public void preempt(WaitingPod pod, String node, List<PodRequest> victims) {
    for (PodRequest victim : victims) {
      evictions.evict(pod, victim);
      announce(
          new WaitingPod(key(victim), victim, pod.cause()),
          Note.Type.NORMAL,
          "Preempted",
          "Preempted by pod " + pod.uid() + " on node " + node);
    }
  }

  private void announce(WaitingPod pod, Note.Type type, String reason, String message) {
    PodRequest request = pod.request();
    Reference regarding =
        new Reference("v1", "Pod", request.namespace(), request.name(), request.uid());
    events.announce(
        new Note(regarding, type, reason, message, settings.name()), Optional.of(pod.cause()));
  }
}
