package dev.ensemble.actors.store;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ensemble.actors.ControlPlane;
import dev.ensemble.actors.view.Change;
import dev.ensemble.actors.view.StoredObject;
import dev.ensemble.actors.view.View;
import dev.ensemble.core.entity.ObjectCommand;
import dev.ensemble.core.entity.Rejection;
import dev.ensemble.core.object.ObjectKey;
import dev.ensemble.core.object.ResourceName;
import dev.ensemble.persistence.format.Provenance;
import dev.ensemble.persistence.ledger.memory.InMemoryLedgerStore;
import dev.ensemble.persistence.ledger.memory.InMemoryTables;
import dev.ensemble.persistence.seal.FileMasterKeys;
import dev.ensemble.persistence.seal.InMemoryObjectKeys;
import dev.ensemble.persistence.seal.Sealer;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ObjectStoreTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final ObjectKey WEB = ObjectKey.of("configmaps", "default", "web");

  private final InMemoryTables tables = new InMemoryTables();
  private final InMemoryObjectKeys keys = new InMemoryObjectKeys();
  @TempDir private Path folder;
  private ControlPlane plane;

  @BeforeEach
  void start() throws Exception {
    plane =
        TestControlPlane.start(
            new InMemoryLedgerStore(tables),
            new Sealer(keys, FileMasterKeys.open(folder.resolve("master.keys")), 100),
            Map.of());
  }

  @AfterEach
  void stop() throws Exception {
    plane.stop().toCompletableFuture().get(30, TimeUnit.SECONDS);
  }

  @Test
  void anAcknowledgedObjectIsInTheViewWithItsRevision() throws Exception {
    StoredObject created =
        committed(submit(WEB, new ObjectCommand.Create(configMap("web", "uid-1", "blue"))));

    assertThat(view(WEB).snapshot().get("default", "web")).contains(created);
    assertThat(created.tree().path("metadata").path("resourceVersion").asLong())
        .isEqualTo(created.revision());
    assertThat(created.sequence()).isEqualTo(1);
    assertThat(view(WEB).snapshot().revision()).isEqualTo(created.revision());
  }

  @Test
  void aSecondCreateIsRefused() throws Exception {
    submit(WEB, new ObjectCommand.Create(configMap("web", "uid-1", "blue")));

    assertThat(submit(WEB, new ObjectCommand.Create(configMap("web", "uid-2", "red"))))
        .isEqualTo(new Outcome.Rejected(new Rejection.AlreadyExists(WEB)));
  }

  @Test
  void ofTwoReplacesOfOneVersionOneWins() throws Exception {
    long sequence =
        committed(submit(WEB, new ObjectCommand.Create(configMap("web", "uid-1", "blue"))))
            .sequence();
    List<CompletableFuture<Outcome>> both = new ArrayList<>();
    for (String color : List.of("red", "green")) {
      both.add(
          plane
              .store()
              .submit(
                  WEB,
                  new ObjectCommand.Replace(configMap("web", "uid-1", color), sequence),
                  somebody())
              .toCompletableFuture());
    }
    List<Outcome> outcomes =
        List.of(both.get(0).get(10, TimeUnit.SECONDS), both.get(1).get(10, TimeUnit.SECONDS));

    assertThat(outcomes).filteredOn(Outcome.Committed.class::isInstance).hasSize(1);
    assertThat(outcomes).contains(new Outcome.Rejected(Rejection.Conflict.modified(WEB)));
  }

  @Test
  void aReplaceThatChangesNothingIsNotJournaled() throws Exception {
    StoredObject created =
        committed(submit(WEB, new ObjectCommand.Create(configMap("web", "uid-1", "blue"))));

    Outcome outcome =
        submit(
            WEB, new ObjectCommand.Replace(configMap("web", "uid-1", "blue"), created.sequence()));

    assertThat(outcome).isEqualTo(new Outcome.Unchanged(created));
  }

  @Test
  void aNameCanBeUsedAgainAfterDeletionAndGoesOnInItsSequence() throws Exception {
    submit(WEB, new ObjectCommand.Create(configMap("web", "uid-1", "blue")));
    Outcome removed = submit(WEB, ObjectCommand.Delete.now());
    StoredObject again =
        committed(submit(WEB, new ObjectCommand.Create(configMap("web", "uid-2", "blue"))));

    assertThat(removed).isInstanceOf(Outcome.Removed.class);
    assertThat(again.sequence()).isEqualTo(3);
    assertThat(again.revision()).isGreaterThan(((Outcome.Removed) removed).last().revision());
  }

  @Test
  void aSubscriptionFromARevisionSeesEveryChangeAfterItInOrder() throws Exception {
    StoredObject created =
        committed(submit(WEB, new ObjectCommand.Create(configMap("web", "uid-1", "blue"))));
    submit(WEB, new ObjectCommand.Replace(configMap("web", "uid-1", "red"), 1));
    List<Change.Type> seen = new ArrayList<>();
    List<Long> revisions = new ArrayList<>();
    view(WEB).subscribe(created.revision(), listener(seen, revisions));
    submit(WEB, ObjectCommand.Delete.now());

    assertThat(seen).containsExactly(Change.Type.MODIFIED, Change.Type.DELETED);
    assertThat(revisions).isSorted().doesNotHaveDuplicates();
  }

  @Test
  void afterARestartEveryAcknowledgedObjectIsThere() throws Exception {
    List<StoredObject> created = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      ObjectKey key = ObjectKey.of("configmaps", "default", "cm-" + i);
      created.add(
          committed(
              submit(key, new ObjectCommand.Create(configMap("cm-" + i, "uid-" + i, "blue")))));
    }
    submit(created.get(7).key(), ObjectCommand.Delete.now());
    stop();
    start();

    for (StoredObject before : created) {
      Optional<StoredObject> after = view(WEB).snapshot().get("default", before.key().name());
      if (before.equals(created.get(7))) {
        assertThat(after).isEmpty();
      } else {
        assertThat(after.orElseThrow().tree()).isEqualTo(before.tree());
      }
    }
    assertThat(
            committed(
                    submit(
                        created.get(7).key(),
                        new ObjectCommand.Create(configMap("cm-7", "uid-x", "red"))))
                .sequence())
        .isEqualTo(3);
  }

  @Test
  void aSecretIsSealedInTheJournalAndReadableAfterARestart() throws Exception {
    ObjectKey key = ObjectKey.of("secrets", "default", "token");
    ObjectNode secret = configMap("token", "uid-s", "hunter2").put("kind", "Secret");
    StoredObject created = committed(submit(key, new ObjectCommand.Create(secret)));
    stop();
    start();

    assertThat(view(key).snapshot().get("default", "token").orElseThrow().tree())
        .isEqualTo(created.tree());
    List<String> stored = new ArrayList<>();
    new InMemoryLedgerStore(tables)
        .readBatches(
            "secrets",
            0,
            batch -> batch.events().forEach(event -> stored.add(event.payload().text())))
        .toCompletableFuture()
        .get(10, TimeUnit.SECONDS);
    assertThat(stored).hasSize(1).noneMatch(text -> text.contains("hunter2"));
  }

  private Outcome submit(ObjectKey key, ObjectCommand command) throws Exception {
    return plane
        .store()
        .submit(key, command, somebody())
        .toCompletableFuture()
        .get(10, TimeUnit.SECONDS);
  }

  private View view(ObjectKey key) {
    return plane.store().view(new ResourceName("", key.resource().plural()));
  }

  private static StoredObject committed(Outcome outcome) {
    assertThat(outcome).isInstanceOf(Outcome.Committed.class);
    return ((Outcome.Committed) outcome).object();
  }

  private static Provenance somebody() {
    return Provenance.internal("somebody", Instant.now(), Optional.empty());
  }

  private static ObjectNode configMap(String name, String uid, String color) {
    ObjectNode object = JSON.createObjectNode().put("apiVersion", "v1").put("kind", "ConfigMap");
    object.putObject("metadata").put("name", name).put("namespace", "default").put("uid", uid);
    object.putObject("data").put("color", color);
    return object;
  }

  private static View.Listener listener(List<Change.Type> seen, List<Long> revisions) {
    return new View.Listener() {
      @Override
      public void onChange(Change change) {
        seen.add(change.type());
        revisions.add(change.revision());
      }

      @Override
      public void onEnd() {}
    };
  }
}
