package dev.ensemble.actors.scheduler;

import dev.ensemble.core.object.ObjectKey;
import dev.ensemble.core.scheduling.PodRequest;
import dev.ensemble.persistence.format.EventId;

/**
 * A pod that waits for a node.
 *
 * @param cause the event that made it wait
 */
record WaitingPod(ObjectKey key, PodRequest request, EventId cause) {
  String uid() {
    return request.uid();
  }
}
