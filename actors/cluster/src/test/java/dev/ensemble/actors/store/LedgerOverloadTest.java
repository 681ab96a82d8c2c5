package dev.ensemble.actors.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.typesafe.config.ConfigFactory;
import dev.ensemble.actors.ControlPlane;
import dev.ensemble.actors.store.StoreUnavailableException.Category;
import dev.ensemble.core.entity.ObjectCommand;
import dev.ensemble.core.object.ObjectKey;
import dev.ensemble.core.object.ResourceName;
import dev.ensemble.persistence.format.Batch;
import dev.ensemble.persistence.format.Provenance;
import dev.ensemble.persistence.ledger.memory.AppendFaults;
import dev.ensemble.persistence.ledger.memory.InMemoryLedgerStore;
import dev.ensemble.persistence.ledger.memory.InMemoryTables;
import dev.ensemble.persistence.seal.FileMasterKeys;
import dev.ensemble.persistence.seal.InMemoryObjectKeys;
import dev.ensemble.persistence.seal.Sealer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a writer is told when too much waits in a ledger. */
class LedgerOverloadTest {
  private static final int WRITERS = 12;

  @TempDir private Path folder;

  @Test
  void whatAFullLedgerRefusesIsOverloadAndWasNotWritten() throws Exception {
    InMemoryTables tables = new InMemoryTables();
    Sealer sealer =
        new Sealer(
            new InMemoryObjectKeys(), FileMasterKeys.open(folder.resolve("master.keys")), 100);
    ControlPlane plane =
        TestControlPlane.start(
            ConfigFactory.parseString(
                    "ensemble { ledger.pending-appends-max = 2, store.command-timeout = 60s }")
                .withFallback(TestControlPlane.config()),
            new InMemoryLedgerStore(tables),
            sealer,
            Map.of());
    try {
      CompletableFuture<Void> hung = new CompletableFuture<>();
      tables.setFaults(
          new AppendFaults() {
            @Override
            public CompletionStage<Void> beforeInsert(Batch batch) {
              return hung;
            }
          });
      List<CompletableFuture<Outcome>> all = new ArrayList<>();
      for (int i = 0; i < WRITERS; i++) {
        all.add(create(plane, "web-" + i));
      }
      ResourceName configMaps = ObjectKey.of("configmaps", "default", "x").resource();
      await()
          .atMost(Duration.ofSeconds(50))
          .until(() -> plane.ledgers().handle(configMaps).isFull());
      CompletableFuture<Outcome> late = create(plane, "late");
      assertThat(late).isCompletedExceptionally();
      assertThat(category(late.handle((done, why) -> why).join())).isEqualTo(Category.OVERLOADED);
      hung.complete(null);
      int committed = 0;
      for (int i = 0; i < WRITERS; i++) {
        Throwable failure = all.get(i).handle((done, why) -> why).get(60, TimeUnit.SECONDS);
        boolean there =
            plane.store().view(configMaps).snapshot().get("default", "web-" + i).isPresent();
        assertThat(there).isEqualTo(failure == null);
        if (failure != null) {
          assertThat(category(failure)).isEqualTo(Category.OVERLOADED);
        } else {
          committed++;
        }
      }
      assertThat(committed).isBetween(1, WRITERS - 1);
    } finally {
      plane.stop().toCompletableFuture().get(30, TimeUnit.SECONDS);
    }
  }

  private static Category category(Throwable failure) {
    Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
    return ((StoreUnavailableException) cause).category();
  }

  private static CompletableFuture<Outcome> create(ControlPlane plane, String name) {
    ObjectNode object =
        new ObjectMapper().createObjectNode().put("apiVersion", "v1").put("kind", "ConfigMap");
    object.putObject("metadata").put("name", name).put("namespace", "default").put("uid", name);
    return plane
        .store()
        .submit(
            ObjectKey.of("configmaps", "default", name),
            new ObjectCommand.Create(object),
            Provenance.internal("somebody", Instant.now(), Optional.empty()))
        .toCompletableFuture();
  }
}
