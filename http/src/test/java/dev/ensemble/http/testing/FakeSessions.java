package dev.ensemble.http.testing;

import dev.ensemble.actors.node.NodeSessions;
import dev.ensemble.protocol.FromAgent;
import dev.ensemble.protocol.ToAgent;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Sessions without node actors: messages go straight to the agent. */
public final class FakeSessions implements NodeSessions {
  private final Map<String, Outbound> connected = new ConcurrentHashMap<>();

  @Override
  public Session connect(String node, Outbound outbound) {
    connected.put(node, outbound);
    return new Session() {
      @Override
      public void received(FromAgent message) {}

      @Override
      public void closed() {
        connected.remove(node, outbound);
      }
    };
  }

  @Override
  public Delivery send(String node, ToAgent message) {
    Outbound outbound = connected.get(node);
    if (outbound == null) {
      return Delivery.NOT_CONNECTED;
    }
    outbound.send(message);
    return Delivery.SENT;
  }
}
