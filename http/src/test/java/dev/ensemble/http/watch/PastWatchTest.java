package dev.ensemble.http.watch;

import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.stream.javadsl.Source;
import akka.stream.testkit.TestSubscriber;
import akka.stream.testkit.javadsl.TestSink;
import akka.util.ByteString;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ensemble.actors.store.StoreUnavailableException;
import dev.ensemble.actors.store.StoreUnavailableException.Category;
import dev.ensemble.actors.view.Archive;
import dev.ensemble.actors.view.Change;
import dev.ensemble.actors.view.HeldBytes;
import dev.ensemble.actors.view.LedgerView;
import dev.ensemble.actors.view.PastPage;
import dev.ensemble.actors.view.Scope;
import dev.ensemble.actors.view.StoredObject;
import dev.ensemble.actors.view.StoredVersion;
import dev.ensemble.core.object.ObjectKey;
import dev.ensemble.http.observe.RequestMetrics;
import dev.ensemble.http.server.ApiSettings.WatchSettings;
import dev.ensemble.persistence.format.EventId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** A watch whose beginning only the journal remembers. */
class PastWatchTest {
  private static final ActorTestKit KIT = ActorTestKit.create();
  private static final Duration LONG = Duration.ofMinutes(10);
  private static final long FIRST = 10_000_000_000_000_000L;

  private final List<Change> all = Collections.synchronizedList(new ArrayList<>());
  private final Journal journal = new Journal();
  private final LedgerView view =
      new LedgerView(
          ObjectKey.of("configmaps", "n", "x").resource(),
          new LedgerView.Limits(2, 1 << 20),
          new HeldBytes(Long.MAX_VALUE),
          journal);

  @AfterAll
  static void stop() {
    KIT.shutdownTestKit();
  }

  @Test
  void itSeesEveryChangeOnceWhileTheViewMovesOn() {
    publish(10);
    TestSubscriber.Probe<ByteString> reader = watch(FIRST);
    StringBuilder read = new StringBuilder();
    reader.request(1);
    read.append(reader.requestNext().utf8String());
    publish(20);
    while (read.toString().lines().count() < 30) {
      read.append(reader.requestNext().utf8String());
    }
    publish(5);
    while (read.toString().lines().count() < 35) {
      read.append(reader.requestNext().utf8String());
    }
    assertThat(read.toString().lines())
        .containsExactlyElementsOf(
            LongStream.rangeClosed(FIRST + 1, FIRST + 35)
                .mapToObj(revision -> "c@" + revision)
                .collect(Collectors.toList()));
    reader.cancel();
  }

  @Test
  void whenTooManyReadThePastItIsToldSo() {
    publish(10);
    journal.failure = Optional.of(new StoreUnavailableException(Category.OVERLOADED, "busy"));
    TestSubscriber.Probe<ByteString> reader = watch(FIRST);
    assertThat(reader.requestNext().utf8String())
        .startsWith("{\"type\":\"ERROR\"")
        .contains("\"reason\":\"TooManyRequests\"", "\"code\":429");
    reader.expectComplete();
  }

  @Test
  void aRevisionThatNobodyKeepsIsExpired() {
    publish(10);
    journal.serves = false;
    TestSubscriber.Probe<ByteString> reader = watch(FIRST);
    assertThat(reader.requestNext().utf8String())
        .contains(
            "too old resource version: " + FIRST + " (" + (FIRST + 8) + ")",
            "\"reason\":\"Expired\"",
            "\"code\":410");
    reader.expectComplete();
  }

  private void publish(int count) {
    for (int i = 0; i < count; i++) {
      long revision = FIRST + all.size() + 1;
      ObjectKey key = ObjectKey.of("configmaps", "n", "c");
      ObjectNode object = new ObjectMapper().createObjectNode();
      object
          .put("apiVersion", "v1")
          .put("kind", "ConfigMap")
          .putObject("metadata")
          .put("name", "c");
      Change change =
          new Change(
              Change.Type.MODIFIED,
              StoredVersion.Draft.of(key, object).at(revision, all.size() + 1L),
              Optional.empty(),
              new EventId(key.entityId(), all.size() + 1L));
      all.add(change);
      view.publish(List.of(change), Map.of());
    }
  }

  private TestSubscriber.Probe<ByteString> watch(long revision) {
    WatchPlan plan =
        new WatchPlan(
            view,
            object -> true,
            Scope.ALL,
            Collections.emptyIterator(),
            revision,
            Optional.empty(),
            false,
            LONG,
            new Revisions(),
            new WatchSettings(LONG, LONG, 4, LONG),
            RequestMetrics.NONE,
            new OpenWatches());
    return Source.fromGraph(new WatchStage(plan))
        .runWith(TestSink.create(KIT.system().classicSystem()), KIT.system());
  }

  /** Gives three changes at a time, on another thread. */
  private final class Journal implements Archive {
    private volatile boolean serves = true;
    private volatile Optional<RuntimeException> failure = Optional.empty();

    @Override
    public boolean serves(long revision, Scope scope) {
      return serves;
    }

    @Override
    public CompletionStage<PastPage> changesAfter(long revision, Scope scope, LongSupplier head) {
      return CompletableFuture.supplyAsync(
          () -> {
            failure.ifPresent(
                thrown -> {
                  throw thrown;
                });
            long end = Math.min(head.getAsLong(), revision + 3);
            return new PastPage(
                List.copyOf(all).stream()
                    .filter(change -> change.revision() > revision && change.revision() <= end)
                    .toList(),
                end);
          });
    }

    @Override
    public CompletionStage<Map<String, Optional<StoredVersion>>> statesAt(
        long revision, Map<String, LedgerView.Tip> changed) {
      throw new UnsupportedOperationException();
    }
  }

  /** One line for each change. */
  private static final class Revisions implements EventEncoder {
    @Override
    public ByteString change(Change change) {
      return existing(change.object());
    }

    @Override
    public ByteString existing(StoredObject object) {
      return ByteString.fromString(object.key().name() + "@" + object.revision() + "\n");
    }

    @Override
    public ByteString bookmark(long revision, Map<String, String> annotations) {
      return ByteString.emptyByteString();
    }
  }
}
