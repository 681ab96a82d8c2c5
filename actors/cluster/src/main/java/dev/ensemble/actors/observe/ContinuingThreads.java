package dev.ensemble.actors.observe;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.WeakHashMap;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Threads that go on with what their task handed in last, when it is done, instead of waking
 * another thread for it. An actor that tells one other and ends is most of what a request is. Go's
 * scheduler ({@code runnext}) and Tokio's (LIFO slot) do so. What a task hands in before its last
 * goes to the pool as ever.
 *
 * <p>The successor of a task that blocks waits with it. No task may block on such threads; should
 * one do so, {@link #rescue} gives its successor to the pool.
 */
final class ContinuingThreads extends AbstractExecutorService {
  private final ExecutorService pool;
  private final int turnsMax;
  private final Map<Thread, Turns> turnsByThread = new WeakHashMap<>();
  private final ThreadLocal<Turns> turnsHere = ThreadLocal.withInitial(this::newTurns);

  /** After {@code turnsMax} tasks of one thread in a row those that wait in the pool are next. */
  ContinuingThreads(ExecutorService pool, int turnsMax) {
    this.pool = pool;
    this.turnsMax = turnsMax;
  }

  @Override
  public void execute(Runnable task) {
    Turns turns = turnsHere.get();
    if (!turns.underWay) {
      pool.execute(() -> takeTurns(task));
      return;
    }
    Runnable earlier = turns.successor.getAndSet(task);
    if (earlier != null) {
      giveToPool(earlier);
    }
  }

  private void takeTurns(Runnable first) {
    Turns turns = turnsHere.get();
    turns.underWay = true;
    try {
      Runnable task = first;
      for (int turn = 0; turn < turnsMax && task != null; turn++) {
        task.run();
        task = turn + 1 < turnsMax ? turns.takeSuccessor() : null;
      }
    } finally {
      turns.underWay = false;
      Runnable left = turns.takeSuccessor();
      if (left != null) {
        giveToPool(left);
      }
    }
  }

  private void giveToPool(Runnable task) {
    try {
      pool.execute(() -> takeTurns(task));
    } catch (RejectedExecutionException e) {
      // Shut down: what had been accepted before is done all the same.
      takeTurns(task);
    }
  }

  /** Gives to the pool what has waited for its predecessor since the last call. */
  void rescue() {
    List<Turns> all;
    synchronized (turnsByThread) {
      all = new ArrayList<>(turnsByThread.values());
    }
    for (Turns turns : all) {
      Runnable waiting = turns.successor.get();
      if (waiting != null
          && waiting == turns.seenWaiting
          && turns.successor.compareAndSet(waiting, null)) {
        giveToPool(waiting);
      }
      turns.seenWaiting = waiting;
    }
  }

  private Turns newTurns() {
    Turns turns = new Turns();
    synchronized (turnsByThread) {
      turnsByThread.put(Thread.currentThread(), turns);
    }
    return turns;
  }

  @Override
  public void shutdown() {
    pool.shutdown();
  }

  @Override
  public List<Runnable> shutdownNow() {
    return pool.shutdownNow();
  }

  @Override
  public boolean isShutdown() {
    return pool.isShutdown();
  }

  @Override
  public boolean isTerminated() {
    return pool.isTerminated();
  }

  @Override
  public boolean awaitTermination(long timeout, TimeUnit unit) throws InterruptedException {
    return pool.awaitTermination(timeout, unit);
  }

  /** Of one thread. Only the successor, and what {@link #rescue} saw, are others' business. */
  private static final class Turns {
    private final AtomicReference<Runnable> successor = new AtomicReference<>();
    private boolean underWay;
    private volatile Runnable seenWaiting;

    private Runnable takeSuccessor() {
      return successor.get() == null ? null : successor.getAndSet(null);
    }
  }
}
