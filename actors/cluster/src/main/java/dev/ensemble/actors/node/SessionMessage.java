package dev.ensemble.actors.node;

import dev.ensemble.actors.store.Outcome;
import dev.ensemble.actors.view.StoredObject;
import dev.ensemble.core.object.ObjectKey;
import dev.ensemble.protocol.FromAgent;
import java.util.List;
import java.util.Optional;

/** What a {@link NodeSession} is told. */
sealed interface SessionMessage {
  /** From the agent; {@code taken} is run when the message is taken out of the inbox. */
  record Received(FromAgent message, Runnable taken) implements SessionMessage {}

  /** The connection ended, or a newer one took its place. */
  enum Ended implements SessionMessage {
    NOW
  }

  enum HelloMissing implements SessionMessage {
    NOW
  }

  /** The Node object stands, with its range of addresses. */
  record Registered(String podCidr) implements SessionMessage {}

  record NotRegistered(String problem) implements SessionMessage {}

  /** All pods of the node as of a revision. */
  record PodsNow(List<StoredObject> pods, long revision) implements SessionMessage {
    public PodsNow {
      pods = List.copyOf(pods);
    }
  }

  record PodNow(StoredObject pod) implements SessionMessage {}

  record PodGone(StoredObject last) implements SessionMessage {}

  /** A ConfigMap or Secret as it is now; empty when there is none. */
  record ObjectNow(ObjectKey key, Optional<StoredObject> object) implements SessionMessage {}

  enum ServicesChanged implements SessionMessage {
    NOW
  }

  enum SendServices implements SessionMessage {
    NOW
  }

  record Written(String object, Optional<Outcome> outcome) implements SessionMessage {}

  record WriteAgain(String object) implements SessionMessage {}
}
