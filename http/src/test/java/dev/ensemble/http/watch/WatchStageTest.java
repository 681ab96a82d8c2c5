package dev.ensemble.http.watch;

import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.stream.javadsl.Source;
import akka.stream.testkit.TestSubscriber;
import akka.stream.testkit.javadsl.TestSink;
import akka.util.ByteString;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ensemble.actors.view.Change;
import dev.ensemble.actors.view.Scope;
import dev.ensemble.actors.view.StoredObject;
import dev.ensemble.actors.view.View;
import dev.ensemble.core.entity.ObjectCommand;
import dev.ensemble.core.object.ObjectKey;
import dev.ensemble.core.resource.BuiltInResources;
import dev.ensemble.http.observe.RequestMetrics;
import dev.ensemble.http.server.ApiSettings.WatchSettings;
import dev.ensemble.http.testing.MemoryObjectStore;
import dev.ensemble.persistence.format.Provenance;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

class WatchStageTest {
  private static final ActorTestKit KIT = ActorTestKit.create();
  private static final int BUFFERED_MAX = 4;
  private static final Duration LONG = Duration.ofMinutes(10);

  private final MemoryObjectStore store = new MemoryObjectStore(BuiltInResources.types());
  private final OpenWatches open = new OpenWatches();
  private final View view = store.view(ObjectKey.of("configmaps", "n", "x").resource());

  @AfterAll
  static void stop() {
    KIT.shutdownTestKit();
  }

  @Test
  void aWatcherThatFallsBehindItsBufferStillGetsEveryChangeOnceAndInOrder() throws Exception {
    TestSubscriber.Probe<ByteString> reader = watch(LONG);
    reader.request(1);
    create(0);
    StringBuilder read = new StringBuilder(reader.requestNext().utf8String());
    for (int i = 1; i < 100; i++) {
      create(i);
    }
    while (read.toString().lines().count() < 100) {
      read.append(reader.requestNext().utf8String());
    }
    assertThat(read.toString().lines())
        .containsExactlyElementsOf(
            IntStream.range(0, 100).mapToObj(i -> "c" + i).collect(Collectors.toList()));
    reader.cancel();
  }

  @Test
  void aWatcherThatReadsNothingWhileChangesWaitIsClosed() throws Exception {
    TestSubscriber.Probe<ByteString> reader = watch(Duration.ofMillis(50));
    reader.request(1);
    create(0);
    reader.expectNext(ByteString.fromString("c0\n"));
    reader.request(1);
    for (int i = 1; i < 20; i++) {
      create(i);
    }
    reader.expectNext();
    create(20);
    reader.expectComplete();
  }

  @Test
  void allWatchesEndWithTheServer() throws Exception {
    TestSubscriber.Probe<ByteString> reader = watch(LONG);
    reader.request(2);
    create(0);
    reader.expectNext(ByteString.fromString("c0\n"));
    open.close();
    reader.expectComplete();
  }

  @Test
  void aWatchThatBeginsWhileTheServerStopsEnds() {
    open.close();
    TestSubscriber.Probe<ByteString> reader = watch(LONG);
    reader.request(1);
    reader.expectComplete();
  }

  private TestSubscriber.Probe<ByteString> watch(Duration stallMax) {
    WatchPlan plan =
        new WatchPlan(
            view,
            object -> true,
            Scope.ALL,
            Collections.emptyIterator(),
            view.snapshot().revision(),
            Optional.empty(),
            false,
            LONG,
            new Names(),
            new WatchSettings(LONG, LONG, BUFFERED_MAX, stallMax),
            RequestMetrics.NONE,
            open);
    return Source.fromGraph(new WatchStage(plan))
        .runWith(TestSink.create(KIT.system().classicSystem()), KIT.system());
  }

  private void create(int number) throws Exception {
    ObjectKey key = ObjectKey.of("configmaps", "n", "c" + number);
    ObjectNode object = new ObjectMapper().createObjectNode();
    object.put("apiVersion", "v1").put("kind", "ConfigMap");
    object.putObject("metadata").put("name", key.name()).put("namespace", "n").put("uid", "u");
    store
        .submit(
            key,
            new ObjectCommand.Create(object),
            Provenance.internal("test", Instant.EPOCH, Optional.empty()))
        .toCompletableFuture()
        .get();
  }

  /** One line for each change. */
  private static final class Names implements EventEncoder {
    @Override
    public ByteString change(Change change) {
      return existing(change.object());
    }

    @Override
    public ByteString existing(StoredObject object) {
      return ByteString.fromString(object.key().name() + "\n");
    }

    @Override
    public ByteString bookmark(long revision, Map<String, String> annotations) {
      return ByteString.emptyByteString();
    }
  }
}
