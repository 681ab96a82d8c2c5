package dev.ensemble.persistence.cassandra;

import static org.assertj.core.api.Assertions.assertThat;

import com.datastax.oss.driver.api.core.CqlSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The embedded node's own class: writes do not wait for a second thread. */
@ExtendWith(CassandraNode.class)
class ImmediateStageIT {
  private static final int WRITES = 200;

  @Test
  void aWriteThatMayBeDoneAtOnceIsNotHandedToTheStagesThreads() {
    try (CassandraConnection connection = CassandraConnection.open(CassandraNode.settings("5s"))) {
      CqlSession session = connection.session();
      session.execute(
          "CREATE TABLE IF NOT EXISTS ensemble_it.immediate_stage_it (n int PRIMARY KEY)");
      long before = handedOver(session);
      for (int n = 0; n < WRITES; n++) {
        session.execute("INSERT INTO ensemble_it.immediate_stage_it (n) VALUES (" + n + ")");
      }
      // What the node itself writes meanwhile may go either way.
      assertThat(handedOver(session) - before).isLessThan(WRITES / 2);
    }
  }

  private static long handedOver(CqlSession session) {
    return session
        .execute(
            "SELECT completed_tasks FROM system_views.thread_pools WHERE name = 'MutationStage'")
        .one()
        .getLong(0);
  }
}
