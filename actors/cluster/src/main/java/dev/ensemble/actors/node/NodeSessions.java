package dev.ensemble.actors.node;

import dev.ensemble.protocol.FromAgent;
import dev.ensemble.protocol.ToAgent;

/**
 * Where the API hands over the WebSocket sessions that agents open. One session a node; a newer one
 * replaces the older.
 */
public interface NodeSessions {
  /** Accepts a session of the node's agent; messages for it go to {@code outbound}. */
  Session connect(String node, Outbound outbound);

  /** Sends a message on the node's session. The answer says whether there is one. */
  Delivery send(String node, ToAgent message);

  /** The way to one agent. Bounded: an agent that does not read is closed, never waited for. */
  interface Outbound {
    void send(ToAgent message);

    void close(String reason);
  }

  /** The way from one agent. */
  interface Session {
    void received(FromAgent message);

    /** The connection ended. The node stays Ready until its heartbeats are missed. */
    void closed();
  }

  enum Delivery {
    SENT,
    NOT_CONNECTED
  }
}
