package dev.ensemble.agent.node;

import akka.actor.typed.ActorRef;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ensemble.agent.core.Fields;
import dev.ensemble.agent.core.pod.PodDefinition;
import dev.ensemble.agent.core.pod.PodFacts;
import dev.ensemble.agent.observe.AgentMetrics;
import dev.ensemble.agent.pod.PodWorker;
import java.time.Duration;

/** Carries what a pod's actor says to the node's, and to the directory. */
final class PodReports implements PodWorker.Listener {
  private final ActorRef<NodeAgent.Command> node;
  private final PodDirectory directory;
  private final AgentMetrics metrics;
  private final long begunNanos = System.nanoTime();
  private boolean started;

  PodReports(ActorRef<NodeAgent.Command> node, PodDirectory directory, AgentMetrics metrics) {
    this.node = node;
    this.directory = directory;
    this.metrics = metrics;
  }

  @Override
  public void changed(PodDefinition pod, PodFacts facts) {
    directory.put(pod, facts);
  }

  @Override
  public void reported(PodDefinition pod, ObjectNode status) {
    directory.reported(pod.uid(), status);
    if (!started && !Fields.text(status, "phase").equals("Pending")) {
      started = true;
      // One that ran before this agent did was not started by it.
      if (pod.startTime().isEmpty()) {
        metrics.podStarted(Duration.ofNanos(System.nanoTime() - begunNanos));
      }
    }
    node.tell(new NodeAgent.Reported(pod, status));
  }

  @Override
  public void ended(PodDefinition pod) {
    node.tell(new NodeAgent.Ended(pod));
  }
}
