package dev.ensemble.agent.node;

import dev.ensemble.protocol.ToAgent;
import java.io.IOException;

/** The node's part of the cluster's network. Calls block and are idempotent. */
public interface NodeNetwork {
  NodeNetwork NONE =
      new NodeNetwork() {
        @Override
        public void join(ToAgent.Welcome welcome) {}

        @Override
        public void services(ToAgent.ServicesDesired desired) {}

        @Override
        public void leave() {}
      };

  /** Pods get addresses of the node's range; the guard stands. */
  void join(ToAgent.Welcome welcome) throws IOException;

  /** Service addresses lead to their endpoints. One change of the packet rules, or none. */
  void services(ToAgent.ServicesDesired desired) throws IOException;

  /** Removes everything that was made. */
  void leave() throws IOException;
}
