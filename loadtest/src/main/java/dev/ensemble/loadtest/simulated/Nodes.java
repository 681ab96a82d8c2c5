package dev.ensemble.loadtest.simulated;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ensemble.loadtest.bench.Arguments;
import dev.ensemble.loadtest.bench.NumberedRequests;
import dev.ensemble.loadtest.client.ApiAddress;
import dev.ensemble.loadtest.client.ApiClient;
import dev.ensemble.loadtest.client.ApiRequest;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The nodes of a run, by {@code --simulated}: {@code session} (agents' sessions, the default),
 * {@code api} (plain clients of any Kubernetes API) or {@code none} (objects only).
 */
public final class Nodes implements AutoCloseable {
  public static final Set<String> ARGUMENTS =
      Set.of("simulated", "start-millis", "failing-percent");

  private static final int CLIENTS = 64;
  private static final Duration NO_END = Duration.ofMinutes(20);
  private static final long JOIN_SECONDS_MAX = 600;

  private final ApiClient client;
  private final Optional<SimulatedNodes> simulated;
  private int count;

  private Nodes(ApiClient client, Optional<SimulatedNodes> simulated) {
    this.client = client;
    this.simulated = simulated;
  }

  /** For the JVM of a control plane of our own: room for many nodes. */
  public static List<String> flags(Arguments arguments) {
    return link(arguments).equals("none")
        // They have no agent that gives a sign of life.
        ? List.of("-Densemble.controllers.node-grace=24h")
        : List.of(
            "-Densemble.nodes.pod-cidr=100.64.0.0/10", "-Densemble.api.connections-max=16384");
  }

  private static String link(Arguments arguments) {
    return arguments.text("simulated").orElse("session");
  }

  public static Nodes of(Arguments arguments, ApiAddress address, ApiClient client)
      throws IOException {
    int start = arguments.text("start-millis").map(Integer::parseInt).orElse(0);
    int failing = arguments.text("failing-percent").map(Integer::parseInt).orElse(0);
    Behaviour behaviour = new Behaviour(start / 2, start, 0, failing / 100.0, 10_000);
    return new Nodes(
        client,
        switch (link(arguments)) {
          case "session" -> Optional.of(SimulatedNodes.bySession(address, behaviour));
          case "api" -> Optional.of(SimulatedNodes.byApi(address, behaviour));
          case "none" -> Optional.empty();
          default ->
              throw new IllegalArgumentException(
                  "--simulated is session, api or none, not " + link(arguments));
        });
  }

  /** Adds nodes until there are so many, and waits until all have been accepted. */
  public void grow(int wanted) throws Exception {
    if (simulated.isPresent()) {
      simulated.get().grow(wanted, JOIN_SECONDS_MAX);
    } else {
      new NumberedRequests(client, CLIENTS, NO_END)
          .send(
              count,
              wanted,
              (c, number) ->
                  c.call(ApiRequest.post("/api/v1/nodes", object(number)))
                      .thenAccept(answer -> answer.expect(201)));
    }
    count = wanted;
  }

  /** The node of this number for the API, ready. */
  private static String object(int number) {
    ObjectNode node = ApiNode.object("v1", "Node", Statuses.name(number));
    node.withObject("/metadata").set("labels", Statuses.labels(number));
    node.set("status", Statuses.node(number, Instant.now()));
    return node.toString();
  }

  public int count() {
    return count;
  }

  /** Whether pods become Ready on them. */
  public boolean run() {
    return simulated.isPresent();
  }

  /** What went wrong so far. */
  public int troubles() {
    return simulated.map(SimulatedNodes::troubles).orElse(0);
  }

  /** Stops the nodes and deletes their objects. */
  public void remove() throws Exception {
    close();
    new NumberedRequests(client, CLIENTS, NO_END)
        .send(
            0,
            count,
            (c, number) ->
                c.call(ApiRequest.delete("/api/v1/nodes/" + Statuses.name(number)))
                    .thenAccept(answer -> answer.expect(200)));
  }

  /** Stops the nodes. */
  @Override
  public void close() {
    simulated.ifPresent(SimulatedNodes::close);
  }
}
