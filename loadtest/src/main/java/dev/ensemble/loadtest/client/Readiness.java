package dev.ensemble.loadtest.client;

import java.io.IOException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Waits for an API server. */
public final class Readiness {
  private static final long WAIT_SECONDS_MAX = 180;
  private static final long PAUSE_MILLIS = 20;

  private Readiness() {}

  /**
   * Asks until /readyz answers 200.
   *
   * @param each called before each attempt; throws to give up
   */
  public static void await(ApiAddress address, Runnable each) throws Exception {
    repeat(
        each,
        () -> {
          try (ApiClient client = new ApiClient(address)) {
            ask(client.connect(), ApiRequest.get("/readyz")).expect(200);
          }
        });
  }

  /**
   * Tries until it succeeds, with short pauses; for a server that is not there yet.
   *
   * @param each called before each attempt; throws to give up
   */
  public static void repeat(Runnable each, Attempt attempt) throws Exception {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(WAIT_SECONDS_MAX);
    while (true) {
      each.run();
      try {
        attempt.run();
        return;
      } catch (IOException | IllegalStateException | ExecutionException | TimeoutException e) {
        if (System.nanoTime() > end) {
          throw e;
        }
      }
      TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
    }
  }

  /** Makes a namespace and waits for its service account, without which pods are refused. */
  public static void namespaceForPods(ApiConnection connection, String name) throws Exception {
    ask(connection, ApiRequest.namespace(name)).expect(201);
    String account = "/api/v1/namespaces/" + name + "/serviceaccounts/default";
    repeat(() -> {}, () -> ask(connection, ApiRequest.get(account)).expect(200));
  }

  /** One request, waited for. */
  public static Answer ask(ApiConnection connection, ApiRequest request)
      throws InterruptedException, ExecutionException, TimeoutException {
    return connection.call(request).toCompletableFuture().get(WAIT_SECONDS_MAX, TimeUnit.SECONDS);
  }

  /** What may fail while the server is not there. */
  public interface Attempt {
    void run() throws Exception;
  }
}
