package dev.ensemble.loadtest.simulated;

import dev.ensemble.loadtest.client.ApiAddress;
import dev.ensemble.loadtest.client.ApiClient;
import dev.ensemble.loadtest.client.ApiConnection;
import dev.ensemble.loadtest.client.WebSocketClient;
import java.io.IOException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A fleet of simulated nodes, numbered from 0, all in this process on two threads. */
public final class SimulatedNodes implements AutoCloseable {
  private static final int NODES_A_CONNECTION = 50;
  private static final int JOINING_MAX = 64;
  private static final int TROUBLES_PRINTED = 5;

  private final Behaviour behaviour;
  private final Opener opener;
  private final Joined fleet = new Joined();
  private final List<SimulatedNode> nodes = new ArrayList<>();

  private interface Opener extends AutoCloseable {
    SimulatedNode node(int number, Behaviour behaviour, Fleet fleet) throws IOException;

    @Override
    void close();
  }

  private SimulatedNodes(Behaviour behaviour, Opener opener) {
    this.behaviour = behaviour;
    this.opener = opener;
  }

  /** Nodes that speak the agents' session protocol, each on a connection of its own. */
  public static SimulatedNodes bySession(ApiAddress address, Behaviour behaviour)
      throws IOException {
    WebSocketClient client = new WebSocketClient(address);
    return new SimulatedNodes(
        behaviour,
        new Opener() {
          @Override
          public SimulatedNode node(int number, Behaviour how, Fleet fleet) {
            return new SessionNode(number, client, how, fleet);
          }

          @Override
          public void close() {
            client.close();
          }
        });
  }

  /** Nodes that are plain clients of any Kubernetes API; 50 share a connection. */
  public static SimulatedNodes byApi(ApiAddress address, Behaviour behaviour) throws IOException {
    ApiClient client = new ApiClient(address);
    return new SimulatedNodes(
        behaviour,
        new Opener() {
          private final List<ApiConnection> connections = new ArrayList<>();

          @Override
          public SimulatedNode node(int number, Behaviour how, Fleet fleet) throws IOException {
            if (connections.size() * NODES_A_CONNECTION <= number) {
              connections.add(client.connect());
            }
            return new ApiNode(number, connections.get(number / NODES_A_CONNECTION), how, fleet);
          }

          @Override
          public void close() {
            client.close();
          }
        });
  }

  /** Starts nodes until there are so many, and waits until all have been accepted. */
  public void grow(int count, long secondsMax) throws Exception {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(secondsMax);
    while (nodes.size() < count) {
      SimulatedNode node = opener.node(nodes.size(), behaviour, fleet);
      nodes.add(node);
      node.start();
      fleet.await(nodes.size() - JOINING_MAX, end);
    }
    fleet.await(count, end);
  }

  /** What went wrong so far, of all nodes. */
  public int troubles() {
    return fleet.troubles();
  }

  /** May be called again. */
  @Override
  public void close() {
    if (fleet.leave()) {
      nodes.forEach(SimulatedNode::stop);
      opener.close();
    }
  }

  /** Who has been accepted. The first troubles are printed, all are counted. */
  private static final class Joined implements Fleet {
    private final BitSet numbers = new BitSet();
    private int troubles;
    private boolean leaving;

    @Override
    public synchronized void joined(int number) {
      numbers.set(number);
      notifyAll();
    }

    @Override
    public synchronized void trouble(String what) {
      if (!leaving && troubles++ < TROUBLES_PRINTED) {
        System.err.println("simulated " + what);
      }
    }

    /** Whether this is the first time. */
    synchronized boolean leave() {
      boolean first = !leaving;
      leaving = true;
      return first;
    }

    synchronized int troubles() {
      return troubles;
    }

    synchronized void await(int count, long end) throws InterruptedException, TimeoutException {
      while (numbers.cardinality() < count) {
        long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
        if (left <= 0) {
          throw new TimeoutException(numbers.cardinality() + " of " + count + " nodes are there");
        }
        wait(left);
      }
    }
  }
}
