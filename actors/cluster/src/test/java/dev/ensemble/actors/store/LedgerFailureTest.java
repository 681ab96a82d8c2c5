package dev.ensemble.actors.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ensemble.actors.ControlPlane;
import dev.ensemble.actors.store.StoreUnavailableException.Category;
import dev.ensemble.actors.view.Change;
import dev.ensemble.actors.view.View;
import dev.ensemble.core.entity.ObjectCommand;
import dev.ensemble.core.object.ObjectKey;
import dev.ensemble.persistence.format.Batch;
import dev.ensemble.persistence.format.Provenance;
import dev.ensemble.persistence.ledger.memory.AppendFaults;
import dev.ensemble.persistence.ledger.memory.InMemoryLedgerStore;
import dev.ensemble.persistence.ledger.memory.InMemoryTables;
import dev.ensemble.persistence.seal.FileMasterKeys;
import dev.ensemble.persistence.seal.InMemoryObjectKeys;
import dev.ensemble.persistence.seal.Sealer;
import dev.ensemble.persistence.verify.JournalVerifier;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What writers and watchers see when the store of a ledger fails under it. */
class LedgerFailureTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final ObjectKey WEB = ObjectKey.of("configmaps", "default", "web");
  private static final Duration LIMIT = Duration.ofSeconds(30);

  private final InMemoryTables tables = new InMemoryTables();
  @TempDir private Path folder;
  private ControlPlane plane;

  @BeforeEach
  void start() throws Exception {
    Sealer sealer =
        new Sealer(
            new InMemoryObjectKeys(), FileMasterKeys.open(folder.resolve("master.keys")), 100);
    plane = TestControlPlane.start(new InMemoryLedgerStore(tables), sealer, Map.of());
  }

  @AfterEach
  void stop() throws Exception {
    plane.stop().toCompletableFuture().get(30, TimeUnit.SECONDS);
  }

  @Test
  void aWriteThatTheStoreLostIsUnknownAndNotThere() throws Exception {
    tables.setFaults(failing(Where.BEFORE));
    Category category = failureOf(create("uid-1"));
    tables.setFaults(AppendFaults.NONE);

    assertThat(category).isEqualTo(Category.UNKNOWN);
    awaitRunning();
    assertThat(view().snapshot().get("default", "web")).isEmpty();
    assertThat(create("uid-2").get(10, TimeUnit.SECONDS)).isInstanceOf(Outcome.Committed.class);
    assertVerified();
  }

  @Test
  void aWriteThatTheStoreMadeButDidNotConfirmIsUnknownAndThere() throws Exception {
    tables.setFaults(failing(Where.AFTER));
    Category category = failureOf(create("uid-1"));
    tables.setFaults(AppendFaults.NONE);

    assertThat(category).isEqualTo(Category.UNKNOWN);
    awaitRunning();
    assertThat(view().snapshot().get("default", "web").orElseThrow().uid()).isEqualTo("uid-1");
    assertVerified();
  }

  @Test
  void anOpenWatchSeesWhatAFailedWriteLeftOnceAndInOrder() throws Exception {
    List<String> seen = Collections.synchronizedList(new ArrayList<>());
    view().subscribe(view().snapshot().revision(), recording(seen));
    tables.setFaults(failing(Where.AFTER));
    failureOf(create("uid-1"));
    tables.setFaults(AppendFaults.NONE);
    awaitRunning();
    plane
        .store()
        .submit(WEB, ObjectCommand.Delete.now(), somebody())
        .toCompletableFuture()
        .get(10, TimeUnit.SECONDS);

    assertThat(seen).containsExactly("ADDED uid-1", "DELETED uid-1");
  }

  @Test
  void whileTheStoreHangsReadsAreAnswered() throws Exception {
    create("uid-1").get(10, TimeUnit.SECONDS);
    CompletableFuture<Void> hung = new CompletableFuture<>();
    tables.setFaults(
        new AppendFaults() {
          @Override
          public CompletionStage<Void> beforeInsert(Batch batch) {
            return hung;
          }
        });
    CompletableFuture<Outcome> waiting =
        plane.store().submit(WEB, ObjectCommand.Delete.now(), somebody()).toCompletableFuture();

    assertThat(view().snapshot().get("default", "web")).isPresent();
    assertThat(waiting).isNotDone();
    hung.complete(null);
    assertThat(waiting.get(10, TimeUnit.SECONDS)).isInstanceOf(Outcome.Removed.class);
    assertThat(view().snapshot().get("default", "web")).isEmpty();
  }

  private enum Where {
    BEFORE,
    AFTER
  }

  private static AppendFaults failing(Where where) {
    CompletionStage<Void> failure =
        CompletableFuture.failedFuture(new IllegalStateException("the test's store fails"));
    CompletionStage<Void> success = CompletableFuture.completedFuture(null);
    return new AppendFaults() {
      @Override
      public CompletionStage<Void> beforeInsert(Batch batch) {
        return where == Where.BEFORE ? failure : success;
      }

      @Override
      public CompletionStage<Void> afterInsert(Batch batch) {
        return where == Where.AFTER ? failure : success;
      }
    };
  }

  private CompletableFuture<Outcome> create(String uid) {
    ObjectNode object = JSON.createObjectNode().put("apiVersion", "v1").put("kind", "ConfigMap");
    object.putObject("metadata").put("name", "web").put("namespace", "default").put("uid", uid);
    return plane
        .store()
        .submit(WEB, new ObjectCommand.Create(object), somebody())
        .toCompletableFuture();
  }

  private static Category failureOf(CompletableFuture<Outcome> submitted) throws Exception {
    try {
      throw new AssertionError("acknowledged: " + submitted.get(30, TimeUnit.SECONDS));
    } catch (ExecutionException e) {
      return ((StoreUnavailableException) e.getCause()).category();
    }
  }

  private void awaitRunning() {
    await().atMost(LIMIT).until(plane.ledgers()::areRunning);
  }

  private void assertVerified() throws Exception {
    assertThat(
            JournalVerifier.verify(new InMemoryLedgerStore(tables), "configmaps")
                .toCompletableFuture()
                .get(10, TimeUnit.SECONDS)
                .fault())
        .isEmpty();
  }

  private View view() {
    return plane.store().view(WEB.resource());
  }

  private static View.Listener recording(List<String> seen) {
    return new View.Listener() {
      @Override
      public void onChange(Change change) {
        seen.add(change.type() + " " + change.object().uid());
      }

      @Override
      public void onEnd() {}
    };
  }

  private static Provenance somebody() {
    return Provenance.internal("somebody", Instant.now(), Optional.empty());
  }
}
