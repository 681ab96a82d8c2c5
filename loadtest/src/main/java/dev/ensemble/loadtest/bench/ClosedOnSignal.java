package dev.ensemble.loadtest.bench;

import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Work that closes what it started also when a signal ends this process, as after a failure. */
public final class ClosedOnSignal {
  private static final int CLOSE_SECONDS_MAX = 120;

  private ClosedOnSignal() {}

  /** Does it on this thread, which a signal interrupts; the process then ends when it has ended. */
  public static <T> T call(Callable<T> work) throws Exception {
    CountDownLatch ended = new CountDownLatch(1);
    Thread working = Thread.currentThread();
    Runtime.getRuntime()
        .addShutdownHook(new Thread(() -> interrupt(working, ended), "close-on-signal"));
    try {
      return work.call();
    } finally {
      ended.countDown();
    }
  }

  private static void interrupt(Thread working, CountDownLatch ended) {
    if (ended.getCount() == 0) {
      return;
    }
    working.interrupt();
    try {
      if (!ended.await(CLOSE_SECONDS_MAX, TimeUnit.SECONDS)) {
        System.err.println("not all that was started has ended");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
