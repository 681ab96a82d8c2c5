package dev.ensemble.loadtest.bench;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntFunction;

/**
 * An open loop: requests begin on schedule, whether those before are answered or not. Latencies
 * count from the schedule, so that what waits behind a slow answer is counted too (no coordinated
 * omission).
 */
public final class OpenLoop {
  private static final long ANSWERS_SECONDS_MAX = 120;

  private final double perSecond;
  private final int count;
  private long began;

  public OpenLoop(double perSecond, int count) {
    if (!(perSecond > 0) || count < 1) {
      throw new IllegalArgumentException("an open loop needs a rate and requests");
    }
    this.perSecond = perSecond;
    this.count = count;
  }

  /** Sends all and waits for the answers; fails with the first failure. */
  public void run(IntFunction<CompletionStage<?>> request) throws Exception {
    CompletableFuture<?>[] answers = new CompletableFuture<?>[count];
    began = System.nanoTime();
    for (int i = 0; i < count; i++) {
      long left;
      while ((left = due(i) - System.nanoTime()) > 0) {
        LockSupport.parkNanos(left);
      }
      answers[i] = request.apply(i).toCompletableFuture();
    }
    CompletableFuture.allOf(answers).get(ANSWERS_SECONDS_MAX, TimeUnit.SECONDS);
  }

  /** When the request of this number was due, by {@link System#nanoTime}. */
  public long due(int number) {
    return began + (long) (number * 1e9 / perSecond);
  }
}
