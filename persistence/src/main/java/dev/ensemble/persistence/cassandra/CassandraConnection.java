package dev.ensemble.persistence.cassandra;

import com.datastax.oss.driver.api.core.ConsistencyLevel;
import com.datastax.oss.driver.api.core.CqlIdentifier;
import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.CqlSessionBuilder;
import com.datastax.oss.driver.api.core.config.DefaultDriverOption;
import com.datastax.oss.driver.api.core.config.DriverConfigLoader;
import com.datastax.oss.driver.api.core.config.ProgrammaticDriverConfigLoaderBuilder;
import com.datastax.oss.driver.api.core.cql.SimpleStatement;
import com.datastax.oss.driver.api.core.metadata.schema.KeyspaceMetadata;
import com.datastax.oss.driver.internal.core.session.throttling.ConcurrencyLimitingRequestThrottler;
import com.datastax.oss.driver.internal.core.ssl.DefaultSslEngineFactory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * One session with Cassandra, and the schema. Opening blocks; everything after does not. Requests
 * above the limit wait in a bounded queue, and beyond that fail at once.
 */
public final class CassandraConnection implements AutoCloseable {
  // Schema changes wait for agreement and rewrite tables of the node: they take their time.
  private static final Duration SCHEMA_TIMEOUT = Duration.ofSeconds(60);

  private final CqlSession session;
  private final CassandraSettings settings;

  private CassandraConnection(CqlSession session, CassandraSettings settings) {
    this.session = session;
    this.settings = settings;
  }

  /**
   * Connects and creates what is missing of the schema. Only what is missing: creating again what
   * is there costs seconds when several processes do it.
   */
  public static CassandraConnection open(CassandraSettings settings) {
    CqlSessionBuilder builder =
        CqlSession.builder()
            .addContactPoints(settings.contactPoints())
            .withLocalDatacenter(settings.localDatacenter())
            .withConfigLoader(driverConfig(settings));
    settings
        .credentials()
        .ifPresent(
            credentials ->
                builder.withAuthCredentials(
                    credentials.username(), secret(credentials.passwordFile())));
    CqlSession session = builder.build();
    try {
      createSchema(session, settings);
    } catch (RuntimeException e) {
      session.close();
      throw e;
    }
    return new CassandraConnection(session, settings);
  }

  public CqlSession session() {
    return session;
  }

  public String keyspace() {
    return settings.keyspace();
  }

  /** The consistency of writes that must survive. */
  public ConsistencyLevel writes() {
    return settings.consistency() == CassandraSettings.Consistency.EACH_QUORUM
        ? ConsistencyLevel.EACH_QUORUM
        : ConsistencyLevel.LOCAL_QUORUM;
  }

  @Override
  public void close() {
    session.close();
  }

  private static DriverConfigLoader driverConfig(CassandraSettings settings) {
    ProgrammaticDriverConfigLoaderBuilder config =
        DriverConfigLoader.programmaticBuilder()
            .withString(DefaultDriverOption.SESSION_NAME, "ensemble")
            .withString(DefaultDriverOption.REQUEST_CONSISTENCY, "LOCAL_QUORUM")
            .withString(DefaultDriverOption.REQUEST_SERIAL_CONSISTENCY, "LOCAL_SERIAL")
            .withDuration(DefaultDriverOption.REQUEST_TIMEOUT, settings.requestTimeout())
            .withDuration(DefaultDriverOption.CONNECTION_CONNECT_TIMEOUT, settings.connectTimeout())
            .withDuration(
                DefaultDriverOption.CONNECTION_INIT_QUERY_TIMEOUT, settings.connectTimeout())
            .withDuration(DefaultDriverOption.CONTROL_CONNECTION_TIMEOUT, settings.connectTimeout())
            .withDuration(DefaultDriverOption.HEARTBEAT_TIMEOUT, settings.connectTimeout())
            // A node that is started again is to be found soon.
            .withDuration(DefaultDriverOption.RECONNECTION_BASE_DELAY, Duration.ofMillis(200))
            .withDuration(DefaultDriverOption.RECONNECTION_MAX_DELAY, Duration.ofSeconds(5))
            .withInt(DefaultDriverOption.NETTY_IO_SIZE, settings.ioThreads())
            .withInt(DefaultDriverOption.NETTY_ADMIN_SIZE, settings.adminThreads())
            .withClass(
                DefaultDriverOption.REQUEST_THROTTLER_CLASS,
                ConcurrencyLimitingRequestThrottler.class)
            .withInt(
                DefaultDriverOption.REQUEST_THROTTLER_MAX_CONCURRENT_REQUESTS,
                settings.requestsInFlight())
            .withInt(
                DefaultDriverOption.REQUEST_THROTTLER_MAX_QUEUE_SIZE, settings.requestsQueued());
    settings
        .tls()
        .ifPresent(
            tls ->
                config
                    .withClass(
                        DefaultDriverOption.SSL_ENGINE_FACTORY_CLASS, DefaultSslEngineFactory.class)
                    .withString(
                        DefaultDriverOption.SSL_TRUSTSTORE_PATH, tls.truststore().toString())
                    .withString(
                        DefaultDriverOption.SSL_TRUSTSTORE_PASSWORD,
                        secret(tls.truststorePasswordFile())));
    return config.build();
  }

  private static void createSchema(CqlSession session, CassandraSettings settings) {
    Optional<KeyspaceMetadata> keyspace = session.getMetadata().getKeyspace(settings.keyspace());
    if (keyspace.isEmpty()) {
      execute(session, JournalSchema.keyspace(settings.keyspace(), settings.replication()));
    }
    for (Map.Entry<String, String> table : JournalSchema.tables(settings.keyspace()).entrySet()) {
      boolean there =
          keyspace.isPresent()
              && keyspace.get().getTable(CqlIdentifier.fromInternal(table.getKey())).isPresent();
      if (!there) {
        execute(session, table.getValue());
      }
    }
    for (JournalSchema.Column added : JournalSchema.additions(settings.keyspace())) {
      boolean missing =
          keyspace
              .flatMap(known -> known.getTable(CqlIdentifier.fromInternal(added.table())))
              .filter(table -> table.getColumn(added.name()).isEmpty())
              .isPresent();
      if (missing) {
        execute(session, added.statement());
      }
    }
  }

  private static void execute(CqlSession session, String statement) {
    session.execute(SimpleStatement.newInstance(statement).setTimeout(SCHEMA_TIMEOUT));
  }

  private static String secret(Path file) {
    try {
      return Files.readString(file).strip();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + file, e);
    }
  }
}
