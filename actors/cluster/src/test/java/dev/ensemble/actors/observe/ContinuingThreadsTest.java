package dev.ensemble.actors.observe;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ContinuingThreadsTest {
  private static final Duration LIMIT = Duration.ofSeconds(10);

  private final ExecutorService pool = Executors.newFixedThreadPool(2);
  private final ContinuingThreads threads = new ContinuingThreads(pool, 4);

  @AfterEach
  void end() {
    pool.shutdownNow();
  }

  @Test
  void whatATaskHandsInLastRunsAfterItInTheSameThread() {
    List<String> done = Collections.synchronizedList(new ArrayList<>());
    CompletableFuture<Thread> second = new CompletableFuture<>();
    CompletableFuture<Thread> first = new CompletableFuture<>();

    threads.execute(
        () -> {
          threads.execute(
              () -> {
                done.add("successor");
                second.complete(Thread.currentThread());
              });
          done.add("predecessor");
          first.complete(Thread.currentThread());
        });

    assertThat(second.orTimeout(10, TimeUnit.SECONDS).join()).isSameAs(first.join());
    assertThat(done).containsExactly("predecessor", "successor");
  }

  @Test
  void ofManyThatATaskHandsInTheOldestGoToOtherThreadsAtOnce() {
    CountDownLatch oldestRan = new CountDownLatch(1);
    CompletableFuture<Boolean> sawIt = new CompletableFuture<>();

    threads.execute(
        () -> {
          threads.execute(oldestRan::countDown);
          for (int i = 0; i < ContinuingThreads.KEPT_MAX; i++) {
            threads.execute(() -> {});
          }
          sawIt.complete(await(oldestRan));
        });

    assertThat(sawIt).succeedsWithin(LIMIT.multipliedBy(2)).isEqualTo(true);
  }

  @Test
  void othersHaveTheirTurnHoweverLongOneGoesOn() {
    ExecutorService single = Executors.newSingleThreadExecutor();
    try {
      ContinuingThreads one = new ContinuingThreads(single, 4);
      CompletableFuture<Void> other = new CompletableFuture<>();
      Runnable endless =
          new Runnable() {
            @Override
            public void run() {
              if (!other.isDone()) {
                one.execute(this);
              }
            }
          };

      one.execute(endless);
      one.execute(() -> other.complete(null));

      assertThat(other).succeedsWithin(LIMIT);
    } finally {
      single.shutdownNow();
    }
  }

  @Test
  void aTaskThatThrowsLosesNoSuccessor() {
    CompletableFuture<Void> successor = new CompletableFuture<>();

    threads.execute(
        () -> {
          threads.execute(() -> successor.complete(null));
          throw new IllegalStateException("as intended by the test");
        });

    assertThat(successor).succeedsWithin(LIMIT);
  }

  @Test
  void theSuccessorOfATaskThatBlocksIsRescuedAtTheSecondLook() throws InterruptedException {
    CountDownLatch blocked = new CountDownLatch(1);
    CompletableFuture<Void> successor = new CompletableFuture<>();
    CountDownLatch successorRan = new CountDownLatch(1);

    threads.execute(
        () -> {
          threads.execute(
              () -> {
                successor.complete(null);
                successorRan.countDown();
              });
          blocked.countDown();
          await(successorRan);
        });
    assertThat(await(blocked)).isTrue();

    threads.rescue();
    assertThat(successor).isNotDone();
    threads.rescue();

    assertThat(successor).succeedsWithin(LIMIT);
  }

  @Test
  void whatWasHandedInBeforeTheEndIsStillDone() throws InterruptedException {
    CountDownLatch ended = new CountDownLatch(1);
    CountDownLatch begun = new CountDownLatch(1);
    CompletableFuture<Integer> longChain = new CompletableFuture<>();

    threads.execute(
        () -> {
          begun.countDown();
          await(ended);
          handInOneMore(10, longChain);
        });
    assertThat(await(begun)).isTrue();
    pool.shutdown();
    ended.countDown();

    assertThat(longChain).succeedsWithin(LIMIT).isEqualTo(0);
  }

  private void handInOneMore(int left, CompletableFuture<Integer> end) {
    if (left == 0) {
      end.complete(left);
    } else {
      threads.execute(() -> handInOneMore(left - 1, end));
    }
  }

  private static boolean await(CountDownLatch latch) {
    try {
      return latch.await(10, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
