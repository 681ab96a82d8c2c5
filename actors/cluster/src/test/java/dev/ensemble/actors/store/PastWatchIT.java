package dev.ensemble.actors.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.typesafe.config.ConfigFactory;
import dev.ensemble.actors.ControlPlane;
import dev.ensemble.actors.view.Change;
import dev.ensemble.actors.view.PastPage;
import dev.ensemble.actors.view.RevisionExpiredException;
import dev.ensemble.actors.view.Scope;
import dev.ensemble.actors.view.Snapshot;
import dev.ensemble.actors.view.View;
import dev.ensemble.core.entity.ObjectCommand;
import dev.ensemble.core.object.ObjectKey;
import dev.ensemble.persistence.cassandra.CassandraConnection;
import dev.ensemble.persistence.cassandra.CassandraSettings;
import dev.ensemble.persistence.cassandra.EmbeddedCassandra;
import dev.ensemble.persistence.format.Provenance;
import dev.ensemble.persistence.ledger.LedgerStore;
import dev.ensemble.persistence.ledger.cassandra.CassandraLedgerStore;
import dev.ensemble.persistence.seal.FileMasterKeys;
import dev.ensemble.persistence.seal.InMemoryObjectKeys;
import dev.ensemble.persistence.seal.Sealer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Watches and lists of revisions that only the journal remembers, on a real Cassandra. */
class PastWatchIT {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration LIMIT = Duration.ofMinutes(2);
  private static final int OBJECTS = 200;
  private static final int ROUNDS = 9;

  @TempDir private Path folder;
  private EmbeddedCassandra cassandra;
  private final List<Runnable> closing = new ArrayList<>();
  private LedgerStore store;
  private Sealer sealer;
  private ControlPlane plane;

  @BeforeEach
  void start() throws Exception {
    CassandraSettings settings =
        CassandraSettings.from(
            ConfigFactory.parseString(
                    """
                    ensemble.cassandra.embedded {
                      folder = "%s"
                      jars = "%s"
                      address = "127.0.0.72"
                      native-port = 19722
                      storage-port = 19723
                      jmx-port = 19724
                    }
                    """
                        .formatted(
                            folder.resolve("cassandra"),
                            Path.of(
                                    System.getProperty("basedir", "actors/cluster"),
                                    "../../persistence/cassandra-dist/target/cassandra-lib")
                                .toAbsolutePath()
                                .normalize()))
                .withFallback(ConfigFactory.parseResources("ensemble.conf"))
                .resolve());
    cassandra = new EmbeddedCassandra(settings.embedded());
    closing.add(cassandra::stop);
    cassandra.start();
    CassandraConnection connection = CassandraConnection.open(settings);
    closing.add(connection::close);
    store = CassandraLedgerStore.over(connection);
    sealer =
        new Sealer(
            new InMemoryObjectKeys(), FileMasterKeys.open(folder.resolve("master.keys")), 100);
    plane = TestControlPlane.start(store, sealer, Map.of());
  }

  @AfterEach
  void stop() throws Exception {
    try {
      if (plane != null) {
        plane.stop().toCompletableFuture().get(30, TimeUnit.SECONDS);
      }
    } finally {
      Collections.reverse(closing);
      closing.forEach(Runnable::run);
    }
  }

  @Test
  void aWatchFromBeforeTheRestartSeesEverythingOnce() throws Exception {
    awaitWrites();
    List<String> live = Collections.synchronizedList(new ArrayList<>());
    long begin = view().snapshot().revision();
    view().subscribe(begin, recording(live));
    write("create", this::create);
    long middle = view().snapshot().revision();
    Map<String, String> then = listed(view().snapshot());
    int before = live.size();
    for (int round = 0; round < ROUNDS; round++) {
      int value = round;
      write("amend", name -> amend(name, value));
    }
    write("delete", name -> name.hashCode() % 2 == 0 ? delete(name) : amend(name, -1));
    long end = view().snapshot().revision();
    await().atMost(LIMIT).until(() -> watermark() >= end);
    restart();
    create("after").get(10, TimeUnit.SECONDS);

    List<String> seen = new ArrayList<>();
    long started = System.nanoTime();
    int pages = catchUp(middle, seen);
    report("a watch over " + seen.size() + " changes in " + pages + " pages", started);
    assertThat(seen.subList(0, seen.size() - 1)).isEqualTo(live.subList(before, live.size()));
    assertThat(seen.get(seen.size() - 1)).startsWith("ADDED after");

    started = System.nanoTime();
    Map<String, String> was =
        listed(view().at(middle).toCompletableFuture().get(60, TimeUnit.SECONDS));
    report("a list of " + was.size() + " objects as they were", started);
    assertThat(was).isEqualTo(then);

    restart();
    started = System.nanoTime();
    List<String> whole = new ArrayList<>();
    catchUp(32, whole);
    report("a watch from the beginning, " + whole.size() + " changes", started);
    assertThat(whole.subList(0, live.size())).isEqualTo(live);
  }

  private static void report(String what, long started) {
    System.out.println(what + ": " + (System.nanoTime() - started) / 1_000_000 + " ms");
  }

  private void restart() throws Exception {
    plane.stop().toCompletableFuture().get(30, TimeUnit.SECONDS);
    plane = TestControlPlane.start(store, sealer, Map.of());
    awaitWrites();
  }

  /** A cluster that has just begun takes its time to find its shards. */
  private void awaitWrites() {
    ObjectKey key = ObjectKey.of("pods", "default", "none");
    await()
        .atMost(LIMIT)
        .ignoreExceptions()
        .until(
            () ->
                plane
                    .store()
                    .submit(key, ObjectCommand.Delete.now(), somebody())
                    .toCompletableFuture()
                    .get(30, TimeUnit.SECONDS),
            Outcome.Rejected.class::isInstance);
  }

  private static Provenance somebody() {
    return Provenance.internal("somebody", Instant.now(), Optional.empty());
  }

  private int catchUp(long from, List<String> seen) throws Exception {
    long position = from;
    for (int pages = 0; ; pages++) {
      try {
        view().subscribe(position, recording(seen)).cancel();
        return pages;
      } catch (RevisionExpiredException e) {
        PastPage page =
            view()
                .changesAfter(position, Scope.ALL)
                .toCompletableFuture()
                .get(60, TimeUnit.SECONDS);
        page.changes().forEach(recording(seen)::onChange);
        position = page.position();
      }
    }
  }

  private interface Write {
    CompletableFuture<Outcome> of(String name);
  }

  private static void write(String what, Write write) throws Exception {
    List<CompletableFuture<Outcome>> all = new ArrayList<>();
    for (int i = 0; i < OBJECTS; i++) {
      all.add(write.of("web-" + i));
    }
    for (CompletableFuture<Outcome> one : all) {
      assertThat(one.get(60, TimeUnit.SECONDS)).as(what).isNotInstanceOf(Outcome.Rejected.class);
    }
  }

  private CompletableFuture<Outcome> create(String name) {
    ObjectNode object = JSON.createObjectNode().put("apiVersion", "v1").put("kind", "ConfigMap");
    object
        .putObject("metadata")
        .put("name", name)
        .put("namespace", "default")
        .put("uid", "uid-" + name);
    object.putObject("data").put("text", "x".repeat(1_000));
    return submit(name, new ObjectCommand.Create(object));
  }

  private CompletableFuture<Outcome> amend(String name, int value) {
    ObjectNode patch = JSON.createObjectNode();
    patch.putObject("data").put("value", "" + value);
    return submit(name, new ObjectCommand.Amend(Optional.empty(), patch));
  }

  private CompletableFuture<Outcome> delete(String name) {
    return submit(name, ObjectCommand.Delete.now());
  }

  private CompletableFuture<Outcome> submit(String name, ObjectCommand command) {
    return plane
        .store()
        .submit(ObjectKey.of("configmaps", "default", name), command, somebody())
        .toCompletableFuture();
  }

  private long watermark() throws Exception {
    return store
        .readWatermark("configmaps")
        .toCompletableFuture()
        .get(10, TimeUnit.SECONDS)
        .revision();
  }

  private View view() {
    return plane.store().view(ObjectKey.of("configmaps", "default", "x").resource());
  }

  private static Map<String, String> listed(Snapshot snapshot) {
    Map<String, String> objects = new TreeMap<>();
    snapshot
        .all()
        .forEach(
            object ->
                objects.put(
                    object.key().name(), new String(object.json(), StandardCharsets.UTF_8)));
    return objects;
  }

  private static View.Listener recording(List<String> seen) {
    return new View.Listener() {
      @Override
      public void onChange(Change change) {
        seen.add(
            change.type()
                + " "
                + change.object().key().name()
                + " "
                + new String(change.object().json(), StandardCharsets.UTF_8));
      }

      @Override
      public void onEnd() {}
    };
  }
}
