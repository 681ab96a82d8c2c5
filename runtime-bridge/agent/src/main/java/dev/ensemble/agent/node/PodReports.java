package dev.ensemble.agent.node;

import akka.actor.typed.ActorRef;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ensemble.agent.core.pod.PodDefinition;
import dev.ensemble.agent.core.pod.PodFacts;
import dev.ensemble.agent.pod.PodWorker;

/** Carries what pods' actors say to the node's, and to the directory. */
record PodReports(ActorRef<NodeAgent.Command> node, PodDirectory directory)
    implements PodWorker.Listener {
  @Override
  public void changed(PodDefinition pod, PodFacts facts) {
    directory.put(pod, facts);
  }

  @Override
  public void reported(PodDefinition pod, ObjectNode status) {
    node.tell(new NodeAgent.Reported(pod, status));
  }

  @Override
  public void ended(PodDefinition pod) {
    node.tell(new NodeAgent.Ended(pod));
  }
}
