package dev.ensemble.loadtest.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** One watch and, when it was ended, those that went on where it was. */
final class Watches implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(90);

  private final ApiClient api;
  private final String path;
  private final List<WatchRecorder> parts = new ArrayList<>();

  private Watches(ApiClient api, String path) {
    this.api = api;
    this.path = path;
  }

  /** From now on. */
  static Watches open(ApiClient api, String path) throws IOException {
    Watches watches = new Watches(api, path);
    watches.parts.add(WatchRecorder.after(api, path, Long.parseLong(api.get(path).revision())));
    return watches;
  }

  private WatchRecorder last() {
    return parts.get(parts.size() - 1);
  }

  boolean ended() {
    return last().ended();
  }

  boolean anyAdded() {
    return changes().stream().anyMatch(change -> change.type().equals("ADDED"));
  }

  private List<WatchRecorder.Change> changes() {
    List<WatchRecorder.Change> all = new ArrayList<>();
    parts.forEach(part -> all.addAll(part.changes()));
    return all;
  }

  /** Goes on after the last change that was heard, if the watch was ended. */
  void resume() throws IOException {
    if (ended()) {
      parts.add(WatchRecorder.after(api, path, last().lastRevision()));
    }
  }

  /** Each acknowledged write is said, soon if not at once, and none twice. */
  void assertEachOnce(Writers writers) {
    Set<Long> written = new HashSet<>();
    writers
        .revisions()
        .values()
        .forEach(
            revisions -> {
              assertThat(revisions).isSorted().doesNotHaveDuplicates();
              written.addAll(revisions);
            });
    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () -> {
              List<Long> seen = changes().stream().map(WatchRecorder.Change::revision).toList();
              assertThat(seen).isSorted().doesNotHaveDuplicates();
              Set<Long> missing = new HashSet<>(written);
              seen.forEach(missing::remove);
              assertThat(missing).as("acknowledged, but in no watch").isEmpty();
            });
  }

  void assertNoNameTwice() {
    Map<String, Set<String>> uids = new HashMap<>();
    changes()
        .forEach(
            change ->
                uids.computeIfAbsent(change.name(), name -> new HashSet<>()).add(change.uid()));
    assertThat(uids).allSatisfy((name, each) -> assertThat(each).hasSize(1));
  }

  @Override
  public void close() throws IOException {
    for (WatchRecorder part : parts) {
      part.close();
    }
  }
}
