package dev.ensemble.cassandra;

import org.apache.cassandra.concurrent.Stage;
import org.apache.cassandra.service.CassandraDaemon;

/**
 * Cassandra's daemon with {@link ImmediateStage} for writes and, where the file system suits it,
 * {@link PreallocatedLog}. Otherwise Cassandra's own.
 */
public final class EnsembleDaemon extends CassandraDaemon {
  private EnsembleDaemon() {}

  public static void main(String[] arguments) {
    new EnsembleDaemon().activate();
  }

  @Override
  public void applyConfig() {
    super.applyConfig();
    PreallocatedLog.use();
    // A stage needs the settings, and has been given nothing yet.
    Stage.MUTATION.unsafeSetExecutor(new ImmediateStage(Stage.MUTATION.executor()));
  }
}
