package dev.ensemble.agent.session;

import dev.ensemble.agent.node.Uplink;
import dev.ensemble.protocol.ToAgent;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a file that is there, with the node's name in it, while a session is open in which the node
 * has been told all that it should run. The launcher and {@code ./ensemble status} look at it.
 */
public final class SessionNote implements SessionClient.Listener {
  private static final Logger LOG = LoggerFactory.getLogger(SessionNote.class);

  private final Path file;
  private final String nodeName;
  private final SessionClient.Listener next;

  /** Removes what an earlier process left; {@code next} hears everything too. */
  public SessionNote(Path folder, String nodeName, SessionClient.Listener next) {
    this.file = folder.resolve("session");
    this.nodeName = nodeName;
    this.next = next;
    remove();
  }

  @Override
  public void opened(Uplink uplink) {
    next.opened(uplink);
  }

  @Override
  public void received(ToAgent message) {
    next.received(message);
    if (message instanceof ToAgent.Synced) {
      try {
        Files.writeString(file, nodeName + "\n");
      } catch (IOException e) {
        LOG.warn("cannot write {}", file, e);
      }
    }
  }

  @Override
  public void closed() {
    remove();
    next.closed();
  }

  /** Also at the end of the process. */
  public void remove() {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      LOG.warn("cannot remove {}", file, e);
    }
  }
}
