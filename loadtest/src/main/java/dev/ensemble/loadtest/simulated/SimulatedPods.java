package dev.ensemble.loadtest.simulated;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;

/** The pods of one simulated node. Everything happens on one thread. */
final class SimulatedPods {
  private static final long PENDING_SAID_MILLIS = 500;

  private final Behaviour behaviour;
  private final Random random;
  private final Clockwork clockwork;
  private final Reports reports;
  private final Map<String, Pod> pods = new HashMap<>();
  private final BitSet addresses = new BitSet();
  private String network = "10.0.0.";

  /** Runs something later, on the same thread. */
  interface Clockwork {
    void after(long millis, Runnable action);
  }

  /** Where the node tells of its pods. */
  interface Reports {
    void status(Identity pod, ObjectNode status);

    void ended(Identity pod);
  }

  record Identity(String uid, String namespace, String name) {
    static Identity of(JsonNode pod) {
      JsonNode metadata = pod.path("metadata");
      return new Identity(
          metadata.path("uid").asText(),
          metadata.path("namespace").asText(),
          metadata.path("name").asText());
    }
  }

  private static final class Pod {
    private final Identity identity;
    private final JsonNode object;
    private final int address;
    private ObjectNode status;
    private int restarts;
    private boolean stopping;

    Pod(Identity identity, JsonNode object, int address) {
      this.identity = identity;
      this.object = object;
      this.address = address;
    }
  }

  SimulatedPods(Behaviour behaviour, long seed, Clockwork clockwork, Reports reports) {
    this.behaviour = behaviour;
    this.random = new Random(seed);
    this.clockwork = clockwork;
    this.reports = reports;
  }

  /** The node's range, such as {@code 10.42.0.0/24}; its pods get addresses from it. */
  void range(String cidr) {
    network = cidr.substring(0, cidr.lastIndexOf('.', cidr.indexOf('/')) + 1);
  }

  Set<String> uids() {
    return Set.copyOf(pods.keySet());
  }

  /** The pod is bound to this node and looks like this now. */
  void desired(JsonNode object) {
    Identity identity = Identity.of(object);
    boolean terminating = object.path("metadata").has("deletionTimestamp");
    Pod pod = pods.get(identity.uid());
    if (pod == null && terminating) {
      reports.ended(identity);
    } else if (pod == null) {
      begin(identity, object);
    } else if (terminating && !pod.stopping) {
      pod.stopping = true;
      long grace = object.path("metadata").path("deletionGracePeriodSeconds").asLong() * 1000;
      clockwork.after(Math.min(grace, behaviour.stopMillis()), () -> end(pod));
    }
  }

  private void begin(Identity identity, JsonNode object) {
    int address = addresses.nextClearBit(2);
    addresses.set(address);
    Pod pod = new Pod(identity, object, address);
    pods.put(identity.uid(), pod);
    Instant now = Instant.now();
    long millis = behaviour.startMillis(random);
    pod.status = Statuses.creating(object, now);
    // As the agent does: what lasts shorter is told together with what follows.
    if (millis >= PENDING_SAID_MILLIS) {
      reports.status(identity, pod.status);
    }
    clockwork.after(millis, () -> start(pod));
  }

  private boolean gone(Pod pod) {
    return pods.get(pod.identity.uid()) != pod;
  }

  private void start(Pod pod) {
    if (gone(pod) || pod.stopping) {
      return;
    }
    String podIp = network + pod.address;
    Instant now = Instant.now();
    if (!behaviour.fails(random)) {
      pod.status = Statuses.running(pod.object, podIp, now, pod.restarts);
    } else {
      boolean again = !pod.object.path("spec").path("restartPolicy").asText().equals("Never");
      pod.status = Statuses.failed(pod.object, podIp, now, pod.restarts, again);
      if (again) {
        clockwork.after(behaviour.restartMillis(pod.restarts++), () -> start(pod));
      }
    }
    reports.status(pod.identity, pod.status);
  }

  private void end(Pod pod) {
    if (!gone(pod)) {
      forgotten(pod.identity.uid());
      reports.ended(pod.identity);
    }
  }

  /** The pod is not wanted here any more. */
  void forgotten(String uid) {
    Pod pod = pods.remove(uid);
    if (pod != null) {
      addresses.clear(pod.address);
    }
  }

  /** Forgets all pods but these. */
  void retain(Set<String> uids) {
    List<String> unwanted = new ArrayList<>(pods.keySet());
    unwanted.removeAll(uids);
    unwanted.forEach(this::forgotten);
  }

  /** Tells of all pods once more, for whoever has not heard. */
  void repeat() {
    pods.values().forEach(pod -> reports.status(pod.identity, pod.status));
  }
}
