package dev.ensemble.loadtest.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ensemble.core.resource.BuiltInResources;
import dev.ensemble.persistence.cassandra.CassandraConnection;
import dev.ensemble.persistence.cassandra.CassandraSettings;
import dev.ensemble.persistence.ledger.LedgerStore;
import dev.ensemble.persistence.ledger.cassandra.CassandraLedgerStore;
import dev.ensemble.persistence.verify.JournalVerifier;
import dev.ensemble.persistence.verify.VerificationReport;

/** Follows the hash chains of every ledger from its beginning. */
final class WholeJournal {
  private WholeJournal() {}

  static void verify(ProductUnderTest product, long eventsMin) {
    try (CassandraConnection connection =
            CassandraConnection.open(CassandraSettings.from(product.config()));
        LedgerStore store = CassandraLedgerStore.over(connection)) {
      long events = 0;
      for (var type : BuiltInResources.types().stored()) {
        VerificationReport report =
            JournalVerifier.verify(store, type.name().toString()).toCompletableFuture().join();
        assertThat(report.fault()).as(type.name().toString()).isEmpty();
        events += report.events();
      }
      assertThat(events).isGreaterThan(eventsMin);
    }
  }
}
