package dev.ensemble.loadtest.restart;

import dev.ensemble.loadtest.api.Texts;
import dev.ensemble.loadtest.bench.ClosedLoop;
import dev.ensemble.loadtest.bench.NumberedRequests;
import dev.ensemble.loadtest.client.ApiClient;
import dev.ensemble.loadtest.client.ApiRequest;
import java.time.Duration;
import java.util.Locale;

/** ConfigMaps of 1 to 4 KB, stored through the API. */
final class StoredObjects {
  static final String COLLECTION = "/api/v1/namespaces/default/configmaps";

  private static final int CLIENTS = 64;
  private static final int BYTES_MIN = 1_024;
  private static final int BYTES_MAX = 4_096;
  private static final int SIZES = 25;
  // What the API adds to a ConfigMap, about.
  private static final int METADATA_BYTES = 500;
  private static final Duration NO_END = Duration.ofMinutes(30);

  private int stored;

  /** Adds objects until there are so many. */
  void growTo(int count, ApiClient client) throws Exception {
    int before = stored;
    ClosedLoop.Outcome outcome =
        new NumberedRequests(client, CLIENTS, NO_END)
            .send(
                before,
                count,
                (connection, number) ->
                    connection
                        .call(ApiRequest.post(COLLECTION, object("stored-" + number, number)))
                        .thenAccept(answer -> answer.expect(201)));
    stored = count;
    System.out.printf(
        Locale.ROOT, "stored %d objects, %.0f/s%n", count - before, outcome.perSecond());
  }

  /** Sizes are spread evenly over the range. */
  static String object(String name, int number) {
    int size = BYTES_MIN + number % SIZES * (BYTES_MAX - BYTES_MIN) / (SIZES - 1);
    return "{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",\"metadata\":{\"name\":\"%s\"},\"data\":{\"text\":\"%s\"}}"
        .formatted(name, Texts.random(size - METADATA_BYTES));
  }
}
