package dev.ensemble.actors.ledger;

import static dev.ensemble.actors.ledger.LedgerHistory.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ensemble.actors.view.Change;
import dev.ensemble.actors.view.LedgerView;
import dev.ensemble.actors.view.PastPage;
import dev.ensemble.actors.view.RevisionExpiredException;
import dev.ensemble.actors.view.Scope;
import dev.ensemble.actors.view.StoredObject;
import dev.ensemble.actors.view.View;
import dev.ensemble.persistence.seal.FileMasterKeys;
import dev.ensemble.persistence.seal.InMemoryObjectKeys;
import dev.ensemble.persistence.seal.Sealer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/** A watch that begins in the past sees what one saw that was there all the time. */
class PastWatchPropertyTest {
  private static final List<String> NAMESPACES = List.of("a", "b");
  private static final int STEPS = 250;
  private static Path folder;
  private static Sealer sealer;

  @BeforeContainer
  static void keys() throws Exception {
    folder = Files.createTempDirectory("past-watch");
    sealer =
        new Sealer(
            new InMemoryObjectKeys(), FileMasterKeys.open(folder.resolve("master.keys")), 10_000);
  }

  @AfterContainer
  static void remove() throws Exception {
    Files.deleteIfExists(folder.resolve("master.keys"));
    Files.delete(folder);
  }

  @Property(tries = 25)
  void aWatchFromAnyRevisionSeesWhatALiveOneSaw(@ForAll long seed) throws Exception {
    Random random = new Random(seed);
    LedgerHistory history = history(random, "configmaps");
    List<Change> all = history.live();
    for (int i = 0; i < 12; i++) {
      int after = random.nextInt(all.size() + 1);
      long revision = after == 0 ? 32 : all.get(after - 1).revision();
      Scope scope = scope(random);
      List<String> expected =
          all.stream()
              .filter(change -> change.revision() > revision)
              .filter(change -> scope.includes(change.object().key()))
              .map(PastWatchPropertyTest::text)
              .toList();
      assertThat(caughtUp(history.view(), revision, scope)).isEqualTo(expected);
    }
  }

  @Property(tries = 25)
  void aListOfAnyRevisionIsWhatWasThereThen(@ForAll long seed) throws Exception {
    Random random = new Random(seed);
    LedgerHistory history = history(random, "configmaps");
    for (int i = 0; i < 12; i++) {
      Change change = history.live().get(random.nextInt(history.live().size()));
      Map<String, String> expected = new TreeMap<>();
      for (Change made : history.live()) {
        if (made.revision() > change.revision()) {
          break;
        }
        if (made.type() == Change.Type.DELETED) {
          expected.remove(made.object().key().entityId());
        } else {
          expected.put(made.object().key().entityId(), json(made.object()));
        }
      }
      Map<String, String> listed = new TreeMap<>();
      await(history.view().at(change.revision()))
          .all()
          .forEach(object -> listed.put(object.key().entityId(), json(object)));
      assertThat(listed).isEqualTo(expected);
    }
  }

  @Example
  void ofSecretsWhoseKeysAreDestroyedOnlyTheEndIsTold() throws Exception {
    LedgerHistory history =
        new LedgerHistory("secrets", sealer, new LedgerArchive.PageLimits(2, 4000, 1));
    history.create("a", "known", Map.of("v", "1"));
    history.flush();
    long revision = history.view().snapshot().revision();
    history.amend("a", "known", "{\"data\":{\"k\":\"1\"}}");
    history.create("a", "short", Map.of("v", "1"));
    history.amend("a", "short", "{\"data\":{\"k\":\"2\"}}");
    history.delete("a", "short");
    history.delete("a", "known");
    history.create("a", "lives", Map.of("v", "1"));
    history.amend("a", "lives", "{\"data\":{\"k\":\"3\"}}");
    history.flush();
    history.restart();
    List<Change> all = history.live();

    assertThat(caughtUp(history.view(), revision, Scope.ALL))
        .containsExactly(
            "DELETED uid-1@" + all.get(5).revision(), text(all.get(6)), text(all.get(7)));
  }

  @Example
  void aForeignRevisionIsExpired() throws Exception {
    LedgerHistory history =
        new LedgerHistory("configmaps", sealer, new LedgerArchive.PageLimits(2, 4000, 1));
    history.create("a", "x", Map.of());
    history.flush();
    history.restart();

    assertThat(history.view().changesAfter(1, Scope.ALL).toCompletableFuture())
        .isCompletedExceptionally();
  }

  private static LedgerHistory history(Random random, String resource) throws Exception {
    LedgerHistory history =
        new LedgerHistory(
            resource,
            sealer,
            new LedgerArchive.PageLimits(1 + random.nextInt(20), 4000, 1 + random.nextInt(5)));
    int names = 1 + random.nextInt(6);
    for (int step = 0; step < STEPS; step++) {
      String namespace = NAMESPACES.get(random.nextInt(NAMESPACES.size()));
      String name = "n" + random.nextInt(names);
      int dice = random.nextInt(100);
      if (dice < 15) {
        history.create(namespace, name, Map.of("v", "" + random.nextInt(3)));
      } else if (dice < 85) {
        history.amend(
            namespace,
            name,
            "{\"data\":{\"k%d\":%s}}"
                .formatted(
                    random.nextInt(4), random.nextInt(5) == 0 ? "null" : "\"" + step + "\""));
      } else if (dice < 90) {
        history.delete(namespace, name);
      } else if (dice < 97) {
        history.write();
      } else if (dice < 99) {
        history.flush();
      } else {
        history.restart();
      }
    }
    history.create("a", "last", Map.of());
    history.flush();
    return history;
  }

  private static Scope scope(Random random) {
    return switch (random.nextInt(3)) {
      case 0 -> Scope.ALL;
      case 1 -> new Scope("a", Optional.empty());
      default -> new Scope("b", Optional.of("n0"));
    };
  }

  /** As a watch does: pages until the view takes over. */
  private static List<String> caughtUp(LedgerView view, long revision, Scope scope)
      throws Exception {
    List<String> seen = new ArrayList<>();
    View.Listener listener =
        new View.Listener() {
          @Override
          public void onChange(Change change) {
            if (scope.includes(change.object().key())) {
              seen.add(text(change));
            }
          }

          @Override
          public void onEnd() {}
        };
    long position = revision;
    for (int pages = 0; pages < 10_000; pages++) {
      try {
        view.subscribe(position, listener).cancel();
        return seen;
      } catch (RevisionExpiredException e) {
        PastPage page = await(view.changesAfter(position, scope));
        page.changes().forEach(listener::onChange);
        position = page.position();
      }
    }
    throw new AssertionError("no end in sight from " + revision);
  }

  private static String text(Change change) {
    String head = change.type() + " " + change.object().uid() + "@" + change.revision();
    return change.previous().isEmpty() && change.type() == Change.Type.DELETED
        ? head
        : head
            + " "
            + json(change.object())
            + " before "
            + change.previous().map(PastWatchPropertyTest::json).orElse("nothing")
            + " "
            + change.event();
  }

  private static String json(StoredObject object) {
    return new String(object.json(), StandardCharsets.UTF_8);
  }
}
