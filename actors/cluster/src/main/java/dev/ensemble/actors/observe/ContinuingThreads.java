package dev.ensemble.actors.observe;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.WeakHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;

/**
 * Threads that go on with what their task handed in, when it is done, instead of waking others for
 * it: an actor that tells one or two others and ends is most of what a request is. Each thread
 * keeps a few tasks, the last handed in is next, and what is more goes to the pool, the oldest
 * first. Go's scheduler ({@code runnext}) and Tokio's (LIFO slot) do so with one task.
 *
 * <p>What a task that blocks has handed in waits with it. No task may block on such threads; should
 * one do so, {@link #rescue} gives what waits to the pool.
 */
final class ContinuingThreads implements Executor {
  // ADR 8: with three, threads were still waked for a request of a single client.
  static final int KEPT_MAX = 8;

  private final Executor pool;
  private final int turnsMax;
  private final Map<Thread, Turns> turnsByThread = new WeakHashMap<>();
  private final ThreadLocal<Turns> turnsHere = ThreadLocal.withInitial(this::newTurns);

  /** After {@code turnsMax} tasks of one thread in a row those that wait in the pool are next. */
  ContinuingThreads(Executor pool, int turnsMax) {
    this.pool = pool;
    this.turnsMax = turnsMax;
  }

  @Override
  public void execute(Runnable task) {
    Turns turns = turnsHere.get();
    if (!turns.underWay()) {
      pool.execute(() -> takeTurns(task));
      return;
    }
    Runnable tooMany = turns.keep(task);
    if (tooMany != null) {
      giveToPool(tooMany);
    }
  }

  private void takeTurns(Runnable first) {
    Turns turns = turnsHere.get();
    turns.begin();
    try {
      Runnable task = first;
      for (int turn = 1; task != null; turn++) {
        task.run();
        task = turn < turnsMax ? turns.next() : null;
      }
    } finally {
      turns.end().forEach(this::giveToPool);
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

  /** Gives to the pool what waits for a task that has been at work since the last call. */
  void rescue() {
    List<Turns> all;
    synchronized (turnsByThread) {
      all = new ArrayList<>(turnsByThread.values());
    }
    all.forEach(turns -> turns.leaveBehind().forEach(this::giveToPool));
  }

  private Turns newTurns() {
    Turns turns = new Turns();
    synchronized (turnsByThread) {
      turnsByThread.put(Thread.currentThread(), turns);
    }
    return turns;
  }

  /** What one thread keeps. Locked because of the rescue alone. */
  private static final class Turns {
    private final Deque<Runnable> kept = new ArrayDeque<>(KEPT_MAX + 1);
    private boolean underWay;
    private long turn;
    private long turnSeen = -1;

    synchronized boolean underWay() {
      return underWay;
    }

    synchronized void begin() {
      underWay = true;
      turn++;
    }

    /** What has no room any more, or null. */
    synchronized Runnable keep(Runnable task) {
      kept.addLast(task);
      return kept.size() > KEPT_MAX ? kept.removeFirst() : null;
    }

    /** The last that was kept, or null. */
    synchronized Runnable next() {
      turn++;
      return kept.pollLast();
    }

    synchronized List<Runnable> end() {
      underWay = false;
      return taken();
    }

    synchronized List<Runnable> leaveBehind() {
      boolean stuck = turn == turnSeen;
      turnSeen = turn;
      return stuck ? taken() : List.of();
    }

    private List<Runnable> taken() {
      if (kept.isEmpty()) {
        return List.of();
      }
      List<Runnable> taken = List.copyOf(kept);
      kept.clear();
      return taken;
    }
  }
}
