package dev.ensemble.http;

import com.typesafe.config.Config;
import dev.ensemble.persistence.cassandra.CassandraConnection;
import dev.ensemble.persistence.cassandra.CassandraSettings;
import dev.ensemble.persistence.cassandra.CassandraWatch;
import dev.ensemble.persistence.cassandra.EmbeddedCassandra;
import dev.ensemble.persistence.cassandra.WriterLock;
import dev.ensemble.persistence.ledger.Exclusion;
import dev.ensemble.persistence.ledger.LedgerStore;
import dev.ensemble.persistence.ledger.cassandra.CassandraLedgerStore;
import dev.ensemble.persistence.seal.CassandraObjectKeys;
import dev.ensemble.persistence.seal.FileMasterKeys;
import dev.ensemble.persistence.seal.SealSettings;
import dev.ensemble.persistence.seal.Sealer;
import java.util.Optional;

/** Cassandra, embedded or external, with the stores on it. */
final class Journal implements AutoCloseable {
  private final Optional<WriterLock> lock;
  private final Optional<EmbeddedCassandra> node;
  private final Optional<CassandraWatch> watch;
  private final CassandraConnection connection;
  private final LedgerStore store;
  private final Sealer sealer;

  private Journal(
      Optional<WriterLock> lock,
      Optional<EmbeddedCassandra> node,
      Optional<CassandraWatch> watch,
      CassandraConnection connection,
      LedgerStore store,
      Sealer sealer) {
    this.lock = lock;
    this.node = node;
    this.watch = watch;
    this.connection = connection;
    this.store = store;
    this.sealer = sealer;
  }

  /** Starts the node when it is ours, or takes up one that runs, and connects. Blocks. */
  static Journal open(Config config) {
    CassandraSettings settings = CassandraSettings.from(config);
    if (settings.mode() == CassandraSettings.Mode.EXTERNAL) {
      return open(config, settings, Optional.empty());
    }
    WriterLock lock = new EmbeddedCassandra(settings.embedded()).lock();
    try {
      return open(config, settings, Optional.of(lock));
    } catch (RuntimeException e) {
      lock.close();
      throw e;
    }
  }

  private static Journal open(
      Config config, CassandraSettings settings, Optional<WriterLock> lock) {
    Optional<EmbeddedCassandra> node = Optional.empty();
    Optional<CassandraWatch> watch = Optional.empty();
    if (lock.isPresent()) {
      EmbeddedCassandra embedded = new EmbeddedCassandra(settings.embedded());
      if (embedded.running().isEmpty()) {
        requirePorts(settings.embedded());
      }
      embedded.start();
      node = Optional.of(embedded);
      watch = Optional.of(new CassandraWatch(embedded, settings.embedded()));
    }
    CassandraConnection connection = CassandraConnection.open(settings);
    SealSettings seal = SealSettings.from(config);
    Sealer sealer =
        new Sealer(
            new CassandraObjectKeys(connection),
            FileMasterKeys.open(seal.masterKeyFile()),
            seal.keysCached());
    return new Journal(
        lock,
        node,
        watch,
        connection,
        CassandraLedgerStore.over(connection, exclusion(settings, lock)),
        sealer);
  }

  private static Exclusion exclusion(CassandraSettings settings, Optional<WriterLock> lock) {
    return lock.map(WriterLock::name)
        .map(
            name ->
                switch (settings.embedded().writers()) {
                  case ONE -> Exclusion.by(name);
                  case MANY -> Exclusion.givenUp(name);
                })
        .orElse(Exclusion.NONE);
  }

  private static void requirePorts(CassandraSettings.Embedded node) {
    String path = "ensemble.cassandra.embedded.";
    ListeningPorts.requireFree(node.address(), node.nativePort(), path + "native-port");
    ListeningPorts.requireFree(node.address(), node.storagePort(), path + "storage-port");
    ListeningPorts.requireFree("127.0.0.1", node.jmxPort(), path + "jmx-port");
  }

  LedgerStore store() {
    return store;
  }

  Sealer sealer() {
    return sealer;
  }

  /**
   * Whether a node of our own runs; an external Cassandra is judged by the ledgers that need it.
   */
  boolean isUp() {
    return node.map(embedded -> embedded.running().isPresent()).orElse(true);
  }

  /** Whether the disk of a node of our own has room; the disk of an external one is not seen. */
  boolean hasRoom() {
    return node.map(EmbeddedCassandra::hasRoom).orElse(true);
  }

  @Override
  public void close() {
    watch.ifPresent(CassandraWatch::close);
    store.close();
    connection.close();
    node.ifPresent(EmbeddedCassandra::stop);
    lock.ifPresent(WriterLock::close);
  }
}
