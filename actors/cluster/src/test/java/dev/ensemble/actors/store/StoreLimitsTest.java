package dev.ensemble.actors.store;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.typesafe.config.ConfigFactory;
import dev.ensemble.actors.ControlPlane;
import dev.ensemble.core.entity.ObjectCommand;
import dev.ensemble.core.entity.Rejection;
import dev.ensemble.core.object.ObjectKey;
import dev.ensemble.persistence.format.Provenance;
import dev.ensemble.persistence.ledger.memory.InMemoryLedgerStore;
import dev.ensemble.persistence.ledger.memory.InMemoryTables;
import dev.ensemble.persistence.seal.FileMasterKeys;
import dev.ensemble.persistence.seal.InMemoryObjectKeys;
import dev.ensemble.persistence.seal.Sealer;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a store does at the limits of its memory: both are set very low here. */
class StoreLimitsTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int FITTING = 10;
  private static final int OBJECT_BYTES = 4_000;

  private final InMemoryTables tables = new InMemoryTables();
  @TempDir private Path folder;
  private ControlPlane plane;

  @BeforeEach
  void start() throws Exception {
    plane = startPlane();
  }

  private ControlPlane startPlane() throws Exception {
    return TestControlPlane.start(
        ConfigFactory.parseString(
                "ensemble.ledger.held-bytes-max = 44 KiB\n ensemble.store.awake-max = 32")
            .withFallback(TestControlPlane.config()),
        new InMemoryLedgerStore(tables),
        new Sealer(
            new InMemoryObjectKeys(), FileMasterKeys.open(folder.resolve("master.keys")), 100),
        Map.of());
  }

  @AfterEach
  void stop() throws Exception {
    plane.stop().toCompletableFuture().get(30, TimeUnit.SECONDS);
  }

  @Test
  void whenMemoryIsFullOnlyWhatAddsToItIsRefusedUntilSomethingIsDeleted() throws Exception {
    for (int i = 0; i < FITTING; i++) {
      assertThat(create(i)).isInstanceOf(Outcome.Committed.class);
    }
    assertThat(create(FITTING)).isEqualTo(refused());

    assertThat(submit(key(0), new ObjectCommand.Replace(object(0, OBJECT_BYTES + 500), 1)))
        .isInstanceOf(Outcome.Committed.class);
    assertThat(submit(key(1), new ObjectCommand.Replace(object(1, 3 * OBJECT_BYTES), 1)))
        .isInstanceOf(Outcome.Rejected.class);
    for (int i = 0; i < 2; i++) {
      assertThat(submit(key(i), ObjectCommand.Delete.now())).isInstanceOf(Outcome.Removed.class);
    }
    assertThat(create(FITTING)).isInstanceOf(Outcome.Committed.class);
  }

  @Test
  void aRestartCountsWhatIsThere() throws Exception {
    for (int i = 0; i < FITTING; i++) {
      create(i);
    }
    plane.stop().toCompletableFuture().get(30, TimeUnit.SECONDS);
    plane = startPlane();

    assertThat(create(FITTING)).isEqualTo(refused());
  }

  @Test
  void objectsBeyondThoseAwakeKeepTheirSequences() throws Exception {
    int there = 0;
    while (submit(key(there), new ObjectCommand.Create(object(there, 0)))
        instanceof Outcome.Committed) {
      there++;
    }
    assertThat(there).isGreaterThan(50);
    for (int round = 1; round <= 3; round++) {
      for (int i = 0; i < there; i++) {
        assertThat(submit(key(i), new ObjectCommand.Replace(object(i, round), round)))
            .isInstanceOf(Outcome.Committed.class);
      }
    }
  }

  private Outcome refused() {
    return new Outcome.Rejected(
        new Rejection.InsufficientStorage(
            "the control plane holds "
                + plane.ledgers().heldBytes().held()
                + " bytes of objects and may hold 45056: delete some, or give it more memory"));
  }

  private Outcome create(int number) throws Exception {
    return submit(key(number), new ObjectCommand.Create(object(number, OBJECT_BYTES)));
  }

  private static ObjectKey key(int number) {
    return ObjectKey.of("configmaps", "default", "object-" + number);
  }

  private static ObjectNode object(int number, int bytes) {
    ObjectNode object = JSON.createObjectNode().put("apiVersion", "v1").put("kind", "ConfigMap");
    object
        .putObject("metadata")
        .put("name", "object-" + number)
        .put("namespace", "default")
        .put("uid", "uid-" + number);
    object.putObject("data").put("text", "x".repeat(bytes));
    return object;
  }

  private Outcome submit(ObjectKey key, ObjectCommand command) throws Exception {
    return plane
        .store()
        .submit(key, command, Provenance.internal("somebody", Instant.now(), Optional.empty()))
        .toCompletableFuture()
        .get(30, TimeUnit.SECONDS);
  }
}
