package dev.ensemble.loadtest.journal;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import dev.ensemble.actors.ControlPlane;
import dev.ensemble.actors.store.Outcome;
import dev.ensemble.core.entity.ObjectCommand;
import dev.ensemble.core.object.ObjectKey;
import dev.ensemble.core.resource.BuiltInResources;
import dev.ensemble.loadtest.bench.BenchCassandra;
import dev.ensemble.persistence.cassandra.CassandraConnection;
import dev.ensemble.persistence.format.Provenance;
import dev.ensemble.persistence.ledger.cassandra.CassandraLedgerStore;
import dev.ensemble.persistence.seal.CassandraObjectKeys;
import dev.ensemble.persistence.seal.FileMasterKeys;
import dev.ensemble.persistence.seal.Sealer;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Changes of ConfigMaps through entities: each writer changes an object of its own, about 1 KB an
 * event.
 */
final class EntityChanges implements AutoCloseable {
  /** Of one stored event: payload, provenance, hashes and ids. The driver's rows are as large. */
  static final int EVENT_BYTES = 1_024;

  private static final int VALUE_BYTES = 640;
  private static final ObjectMapper JSON = new ObjectMapper();

  private final CassandraConnection connection;
  private final CountingStore store;
  private final ControlPlane plane;
  private final String[] values = new String[64];
  private final AtomicLong changes = new AtomicLong();
  private long eventsBefore;
  private long batchesBefore;

  EntityChanges(BenchCassandra cassandra) throws Exception {
    connection = cassandra.connect();
    store = new CountingStore(CassandraLedgerStore.over(connection, cassandra.exclusion()));
    Sealer sealer =
        new Sealer(
            new CassandraObjectKeys(connection),
            FileMasterKeys.open(cassandra.folder().resolve("master.keys")),
            100);
    Config config =
        ConfigFactory.parseResources("akka.conf")
            .withFallback(ConfigFactory.parseResources("entities.conf"))
            .withFallback(ConfigFactory.load());
    plane =
        ControlPlane.start(
            new ControlPlane.Parts(
                config.resolve(),
                BuiltInResources.types(),
                store.counted(),
                sealer,
                Map.of(),
                Clock.systemUTC()));
    plane.ledgers().recovered().toCompletableFuture().get(60, TimeUnit.SECONDS);
    Random random = new Random(11);
    for (int i = 0; i < values.length; i++) {
      StringBuilder text = new StringBuilder(VALUE_BYTES);
      random.ints(VALUE_BYTES, 'a', 'a' + 16).forEach(letter -> text.append((char) letter));
      values[i] = text.toString();
    }
  }

  CompletionStage<?> change(int writer) {
    ObjectKey key = ObjectKey.of("configmaps", "bench", "writer-" + writer);
    long number = changes.incrementAndGet();
    ObjectNode patch = JSON.createObjectNode();
    patch
        .putObject("data")
        .put("value", values[(int) (number % values.length)])
        .put("number", number);
    Provenance provenance =
        new Provenance(
            "kubernetes-admin",
            List.of("system:masters", "system:authenticated"),
            "bench/1.0 (linux/amd64)",
            "bench",
            "127.0.0.1",
            "bench-" + number,
            Instant.now(),
            Optional.empty());
    ObjectCommand command =
        plane.store().view(key.resource()).snapshot().get(key.namespace(), key.name()).isPresent()
            ? new ObjectCommand.Amend(Optional.empty(), patch)
            : new ObjectCommand.Create(configMap(key, patch));
    return plane
        .store()
        .submit(key, command, provenance)
        .thenAccept(EntityChanges::mustBeCommitted);
  }

  private static void mustBeCommitted(Outcome outcome) {
    if (!(outcome instanceof Outcome.Committed)) {
      throw new IllegalStateException("a change was not made: " + outcome);
    }
  }

  private static ObjectNode configMap(ObjectKey key, ObjectNode content) {
    ObjectNode object = content.deepCopy().put("apiVersion", "v1").put("kind", "ConfigMap");
    object
        .putObject("metadata")
        .put("name", key.name())
        .put("namespace", key.namespace())
        .put("uid", "00000000-0000-0000-0000-" + key.name());
    return object;
  }

  double eventsInABatchSinceLast() {
    long events = store.events() - eventsBefore;
    long batches = store.batches() - batchesBefore;
    eventsBefore += events;
    batchesBefore += batches;
    return (double) events / Math.max(1, batches);
  }

  @Override
  public void close() {
    plane.stop().toCompletableFuture().join();
    connection.close();
  }
}
