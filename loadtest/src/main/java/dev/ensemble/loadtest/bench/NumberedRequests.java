package dev.ensemble.loadtest.bench;

import dev.ensemble.loadtest.client.ApiClient;
import dev.ensemble.loadtest.client.ApiConnection;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiFunction;

/**
 * One request for each number of a range, by clients that share the range in a closed loop.
 *
 * @param clients each has a connection of its own
 * @param timeMax after that no more are sent
 */
public record NumberedRequests(ApiClient client, int clients, Duration timeMax) {

  /**
   * Sends them all.
   *
   * @param from the first number
   * @param to the number after the last
   */
  public ClosedLoop.Outcome send(
      int from, int to, BiFunction<ApiConnection, Integer, CompletionStage<?>> request)
      throws IOException, InterruptedException {
    AtomicInteger next = new AtomicInteger(from);
    List<ApiConnection> connections = client.connect(clients);
    ClosedLoop.Outcome outcome =
        new ClosedLoop(
                clients,
                caller -> {
                  int number = next.getAndIncrement();
                  return number < to
                      ? Optional.of(request.apply(connections.get(caller), number))
                      : Optional.empty();
                })
            .run(timeMax);
    connections.forEach(ApiConnection::close);
    return outcome;
  }
}
