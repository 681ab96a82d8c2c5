package dev.ensemble.loadtest.api;

import dev.ensemble.loadtest.bench.ClosedLoop;
import dev.ensemble.loadtest.bench.NumberedRequests;
import dev.ensemble.loadtest.bench.Spread;
import dev.ensemble.loadtest.bench.Watched;
import dev.ensemble.loadtest.client.Answer;
import dev.ensemble.loadtest.client.ApiClient;
import dev.ensemble.loadtest.client.ApiConnection;
import dev.ensemble.loadtest.client.ApiRequest;
import dev.ensemble.loadtest.client.Readiness;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** One client lists many pods, without limit, as a controller does when it starts. */
public final class PodLists {
  /** What the API adds to such a pod (metadata, managed fields, defaults) makes it about 4 KB. */
  private static final int FILLING_BYTES = 2_300;

  private static final int CREATE_CLIENTS = 64;
  private static final Duration NO_END = Duration.ofMinutes(20);

  private final ApiClient client;
  private final Watched watched;
  private final String collection;

  public PodLists(ApiClient client, Watched watched, String namespace) {
    this.client = client;
    this.watched = watched;
    this.collection = "/api/v1/namespaces/" + namespace + "/pods";
  }

  /** Seconds a list of the pods that are there. */
  public Spread lists(int pods, int lists) throws Exception {
    List<Double> seconds = new ArrayList<>();
    try (ApiConnection connection = client.connect()) {
      Readiness.ask(connection, ApiRequest.get(collection)).expect(200);
      for (int i = 0; i < lists; i++) {
        Watched.Reading before = watched.read();
        long began = System.nanoTime();
        Answer answer = Readiness.ask(connection, ApiRequest.get(collection)).expect(200);
        seconds.add((System.nanoTime() - began) / 1e9);
        // The clock of CPU time ticks slowly: half a tick of each process may be missing.
        Watched.Reading spent = watched.read().since(before);
        System.out.printf(
            Locale.ROOT,
            "list of %d pods: %.3f s  %.1f MB (%d bytes a pod)  %.0f MB/s  %s%n",
            pods,
            seconds.get(i),
            answer.bytes() / 1e6,
            answer.bytes() / pods,
            answer.bytes() / 1e6 / seconds.get(i),
            spent.millisEach(1));
      }
    }
    Spread spread = Spread.of(seconds);
    System.out.printf("list of %d pods: %s s, of %d lists%n", pods, spread, lists);
    return spread;
  }

  public void create(int pods) throws Exception {
    System.out.printf("creating %d pods%n", pods);
    String filling = Texts.random(FILLING_BYTES);
    ClosedLoop.Outcome outcome =
        new NumberedRequests(client, CREATE_CLIENTS, NO_END)
            .send(
                0,
                pods,
                (connection, number) ->
                    connection
                        .call(ApiRequest.post(collection, pod(number, filling)))
                        .thenAccept(answer -> answer.expect(201)));
    System.out.printf(Locale.ROOT, "created %.0f pods/s%n", outcome.perSecond());
  }

  /** A pod that no scheduler takes. */
  private static String pod(int number, String filling) {
    return """
    {"apiVersion":"v1","kind":"Pod","metadata":{"name":"pod-%d","labels":{"app":"load-%d"},\
    "annotations":{"ensemble.dev/filling":"%s"}},\
    "spec":{"schedulerName":"none","automountServiceAccountToken":false,"containers":[\
    {"name":"main","image":"nginx:1.14.2","ports":[{"containerPort":80}],\
    "resources":{"requests":{"cpu":"10m","memory":"16Mi"}}}]}}
    """
        .formatted(number, number % 100, filling);
  }
}
