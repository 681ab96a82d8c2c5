package dev.ensemble.actors.node;

import akka.actor.typed.ActorRef;
import dev.ensemble.actors.store.Outcome;
import dev.ensemble.actors.store.ResidentMessage;
import dev.ensemble.core.entity.Bid;
import dev.ensemble.core.object.ObjectKey;
import dev.ensemble.core.scheduling.PodRequest;
import dev.ensemble.persistence.format.EventId;
import java.util.List;
import java.util.Optional;

/** What a node's broker understands besides {@code Resident.Wake}. */
public sealed interface BrokerMessage extends ResidentMessage {
  /** Asks for the standing offer, now and whenever it changes. */
  record AskOffer(ActorRef<BrokerReply> scheduler) implements BrokerMessage {}

  /**
   * Asks whether the node would take the pod, and how well it would fit.
   *
   * @param round comes back in the answer
   */
  record CallForBids(PodRequest pod, int round, ActorRef<BrokerReply> scheduler)
      implements BrokerMessage {}

  /**
   * Gives the pod to the node, if it still has room.
   *
   * @param bids all bids and refusals known, to be kept with the decision
   * @param cause the event that made the pod wait for a node
   */
  record Award(
      ObjectKey pod,
      String uid,
      List<Bid> bids,
      Optional<EventId> cause,
      ActorRef<BrokerReply> scheduler)
      implements BrokerMessage {
    public Award {
      bids = List.copyOf(bids);
    }
  }

  /** The answer to a Bind; empty when it could not be learned. */
  record BindAnswered(String uid, Optional<Outcome> outcome) implements BrokerMessage {}

  /** The outcome of a Bind is still unknown: ask again. */
  record BindAgain(String uid) implements BrokerMessage {}

  /** Time to show the offer to those who asked, if it has changed. */
  enum Show implements BrokerMessage {
    NOW
  }

  /** After a move of the node's entity, Binds of the former broker are through by now. */
  enum Settled implements BrokerMessage {
    NOW
  }

  /** A scheduler is gone. */
  record SchedulerGone(ActorRef<BrokerReply> scheduler) implements BrokerMessage {}
}
