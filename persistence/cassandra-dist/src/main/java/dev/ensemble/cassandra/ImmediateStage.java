package dev.ensemble.cassandra;

import java.util.concurrent.Semaphore;
import org.apache.cassandra.concurrent.ExecutorPlus;
import org.apache.cassandra.concurrent.WrappedExecutorPlus;

/**
 * A stage that does what may be done at once in the thread that hands it in, while no more threads
 * than the stage has do so.
 *
 * <p>Cassandra's own stage means to do this but, up to 5.0.9, does it only when others wait in its
 * queue; otherwise a second thread takes the task up, on an idle node a tenth of a millisecond
 * later (CASSANDRA-21429, mended in its trunk).
 */
final class ImmediateStage extends WrappedExecutorPlus {
  private final Semaphore room;

  ImmediateStage(ExecutorPlus stage) {
    super(stage);
    this.room = new Semaphore(stage.getMaximumPoolSize());
  }

  @Override
  public void maybeExecuteImmediately(Runnable task) {
    if (!room.tryAcquire()) {
      super.maybeExecuteImmediately(task);
      return;
    }
    try {
      task.run();
    } finally {
      room.release();
    }
  }
}
