package dev.ensemble.loadtest.faults;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Keeps what one watch says until it ends. */
final class WatchRecorder implements AutoCloseable {
  /** One change. */
  record Change(String type, String name, String uid, long revision) {
    static Change of(JsonNode event) {
      JsonNode metadata = event.path("object").path("metadata");
      return new Change(
          event.path("type").asText(),
          metadata.path("name").asText(),
          metadata.path("uid").asText(),
          metadata.path("resourceVersion").asLong());
    }
  }

  private final InputStream in;
  private final Thread thread;
  private final List<Change> changes = new ArrayList<>();

  private WatchRecorder(InputStream in) {
    this.in = in;
    this.thread = new Thread(this::read, "watch");
    thread.setDaemon(true);
    thread.start();
  }

  /** Watches what changes after a revision. */
  static WatchRecorder after(ApiClient api, String path, long revision) throws IOException {
    return new WatchRecorder(
        api.watch(path + "?watch=true&allowWatchBookmarks=false&resourceVersion=" + revision));
  }

  private void read() {
    try (BufferedReader lines =
        new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        JsonNode event = ApiClient.tree(line);
        // A line that the end of the connection cut is no event.
        if (!event.isMissingNode()) {
          add(Change.of(event));
        }
      }
    } catch (IOException e) {
      // The end of the connection is the end of the watch.
    }
  }

  private synchronized void add(Change change) {
    changes.add(change);
  }

  synchronized List<Change> changes() {
    return List.copyOf(changes);
  }

  synchronized long lastRevision() {
    return changes.get(changes.size() - 1).revision();
  }

  boolean ended() {
    return !thread.isAlive();
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
