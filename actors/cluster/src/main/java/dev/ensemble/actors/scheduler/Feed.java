package dev.ensemble.actors.scheduler;

import akka.actor.typed.ActorRef;
import dev.ensemble.actors.view.Change;
import dev.ensemble.actors.view.RevisionExpiredException;
import dev.ensemble.actors.view.Snapshot;
import dev.ensemble.actors.view.View;
import java.util.Optional;

/** Follows one view for the scheduler. */
final class Feed {
  private final View view;
  private final ActorRef<Scheduler.Message> scheduler;
  private Optional<View.Subscription> subscription = Optional.empty();

  Feed(View view, ActorRef<Scheduler.Message> scheduler) {
    this.view = view;
    this.scheduler = scheduler;
  }

  /** Starts, or starts again: the state to begin with; empty when it cannot be followed now. */
  Optional<Snapshot> follow() {
    stop();
    Snapshot snapshot = view.snapshot();
    try {
      subscription = Optional.of(view.subscribe(snapshot.revision(), new ToScheduler()));
      return Optional.of(snapshot);
    } catch (RevisionExpiredException e) {
      return Optional.empty();
    }
  }

  void stop() {
    subscription.ifPresent(View.Subscription::cancel);
    subscription = Optional.empty();
  }

  private final class ToScheduler implements View.Listener {
    @Override
    public void onChange(Change change) {
      scheduler.tell(new Scheduler.Changed(change));
    }

    @Override
    public void onEnd() {
      scheduler.tell(new Scheduler.FeedEnded(view.resource()));
    }
  }
}
