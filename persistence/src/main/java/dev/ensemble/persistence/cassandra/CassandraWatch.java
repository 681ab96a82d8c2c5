package dev.ensemble.persistence.cassandra;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Starts an embedded node again when it dies, after a pause that doubles from the shortest to the
 * longest and falls back once the node has stayed up for longer than the longest. Ends with {@link
 * #close}, which leaves the node as it is.
 */
public final class CassandraWatch implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(CassandraWatch.class);

  private final EmbeddedCassandra node;
  private final Duration pauseMin;
  private final Duration pauseMax;
  private final Thread thread;
  private final CountDownLatch closed = new CountDownLatch(1);
  private final AtomicLong restarts = new AtomicLong();

  /** Watches a node that was started. */
  public CassandraWatch(EmbeddedCassandra node, CassandraSettings.Embedded settings) {
    this.node = node;
    this.pauseMin = settings.restartBackoffMin();
    this.pauseMax = settings.restartBackoffMax();
    this.thread = new Thread(this::watch, "ensemble-cassandra-watch");
    thread.setDaemon(true);
    thread.start();
  }

  /** How often the node was started again. */
  public long restarts() {
    return restarts.get();
  }

  private void watch() {
    Duration pause = pauseMin;
    Instant up = Instant.now();
    try {
      while (true) {
        node.exited().toCompletableFuture().get();
        boolean stable = Duration.between(up, Instant.now()).compareTo(pauseMax) > 0;
        pause = stable ? pauseMin : pause;
        LOG.error("Cassandra has ended; starting it again in {}", pause);
        node.problem().ifPresent(LOG::error);
        if (closed.await(pause.toMillis(), TimeUnit.MILLISECONDS)) {
          return;
        }
        pause = pause.multipliedBy(2).compareTo(pauseMax) < 0 ? pause.multipliedBy(2) : pauseMax;
        up = Instant.now();
        startAgain();
      }
    } catch (InterruptedException e) {
      LOG.debug("no longer watching Cassandra");
    } catch (ExecutionException e) {
      throw new IllegalStateException("waiting for a process does not fail", e);
    }
  }

  private void startAgain() throws InterruptedException {
    try {
      node.start();
      restarts.incrementAndGet();
    } catch (CassandraProcessException e) {
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
      LOG.error("Cassandra could not be started again", e);
    }
  }

  @Override
  public void close() {
    closed.countDown();
    thread.interrupt();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
