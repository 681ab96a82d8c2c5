package dev.ensemble.loadtest.simulated;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ensemble.loadtest.client.WebSocketClient;
import dev.ensemble.loadtest.client.WebSocketClient.Socket;
import dev.ensemble.protocol.FromAgent;
import dev.ensemble.protocol.ProtocolJson;
import dev.ensemble.protocol.ToAgent;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;

/** A node that speaks the agents' session protocol. */
final class SessionNode implements SimulatedNode, WebSocketClient.Listener, SimulatedPods.Reports {
  private static final long REDIAL_MILLIS_MAX = 2_000;

  private final int number;
  private final WebSocketClient client;
  private final Fleet fleet;
  private final SimulatedPods pods;
  private final Random random;
  private final Set<String> named = new HashSet<>();
  private Optional<Socket> socket = Optional.empty();
  private boolean welcomed;
  private boolean stopped;

  SessionNode(int number, WebSocketClient client, Behaviour behaviour, Fleet fleet) {
    this.number = number;
    this.client = client;
    this.fleet = fleet;
    this.random = new Random(number);
    this.pods = new SimulatedPods(behaviour, number, client::after, this);
  }

  @Override
  public void start() {
    client.after(0, this::dial);
  }

  @Override
  public void stop() {
    client.after(
        0,
        () -> {
          stopped = true;
          socket.ifPresent(Socket::close);
        });
  }

  private void dial() {
    if (!stopped) {
      client.open("/ensemble/v1/nodes/" + Statuses.name(number) + "/session", this);
    }
  }

  @Override
  public void opened(Socket opened) {
    socket = Optional.of(opened);
    welcomed = false;
    named.clear();
    Map<String, String> labels = new HashMap<>();
    Statuses.labels(number)
        .properties()
        .forEach(l -> labels.put(l.getKey(), l.getValue().asText()));
    send(
        new FromAgent.Hello(
            "simulated", labels, Statuses.node(number, Instant.now()), List.copyOf(pods.uids())));
  }

  private void send(FromAgent message) {
    socket.ifPresent(open -> open.send(ProtocolJson.write(message)));
  }

  @Override
  public void text(String message) {
    ToAgent received = ProtocolJson.readToAgent(message);
    if (received instanceof ToAgent.Welcome welcome) {
      welcomed = true;
      pods.range(welcome.podCidr());
      heartbeatLater(socket.orElseThrow(), welcome.heartbeatSeconds() * 1000L);
      pods.repeat();
      fleet.joined(number);
    } else if (received instanceof ToAgent.PodDesired desired) {
      named.add(SimulatedPods.Identity.of(desired.pod()).uid());
      pods.desired(desired.pod());
    } else if (received instanceof ToAgent.PodForgotten forgotten) {
      named.remove(forgotten.uid());
      pods.forgotten(forgotten.uid());
    } else if (received instanceof ToAgent.Synced) {
      pods.retain(named);
    } else if (received instanceof ToAgent.OpenStream stream) {
      send(new FromAgent.StreamRefused(stream.streamId(), 501, "nothing runs on a simulated node"));
    }
  }

  /** In the first period at any time, so that nodes that came together do not beat together. */
  private void heartbeatLater(Socket of, long periodMillis) {
    client.after(1 + (long) (random.nextDouble() * periodMillis), () -> beat(of, periodMillis));
  }

  private void beat(Socket of, long periodMillis) {
    if (socket.filter(open -> open.equals(of)).isPresent()) {
      send(new FromAgent.Heartbeat());
      client.after(periodMillis, () -> beat(of, periodMillis));
    }
  }

  @Override
  public void closed(String why) {
    socket = Optional.empty();
    if (!stopped) {
      fleet.trouble(Statuses.name(number) + (welcomed ? " lost its session: " : ": ") + why);
      client.after(1 + (long) (random.nextDouble() * REDIAL_MILLIS_MAX), this::dial);
    }
  }

  @Override
  public void status(SimulatedPods.Identity pod, ObjectNode status) {
    if (welcomed) {
      send(new FromAgent.PodReported(pod.uid(), pod.namespace(), pod.name(), status));
    }
  }

  @Override
  public void ended(SimulatedPods.Identity pod) {
    send(new FromAgent.PodEnded(pod.uid(), pod.namespace(), pod.name()));
  }
}
