package dev.ensemble.agent.session;

import dev.ensemble.agent.node.Uplink;
import dev.ensemble.protocol.FromAgent;
import dev.ensemble.protocol.ProtocolJson;
import dev.ensemble.protocol.ToAgent;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Random;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a session open: dials, and dials again with a growing pause when it ends. A session whose
 * peer does not read is closed, never waited for.
 */
// The stages ignored here end in what they lead to; their failures are handled there.
@SuppressWarnings("FutureReturnValueIgnored")
public final class SessionClient implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(SessionClient.class);
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);

  /** Without a word for so long the session is taken for dead; the peer answers pings. */
  private static final Duration PING_INTERVAL = Duration.ofSeconds(10);

  private static final int QUEUE_MESSAGES_MAX = 20_000;

  /** A message that is larger is a fault of the peer. */
  private static final int MESSAGE_CHARS_MAX = 64 * 1024 * 1024;

  private final HttpClient client;
  private final URI address;
  private final Duration backoffMin;
  private final Duration backoffMax;
  private final Listener listener;
  private final Random random = new Random();
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(
          runnable -> {
            Thread made = new Thread(runnable, "session");
            made.setDaemon(true);
            return made;
          });
  private int failures;
  private volatile boolean closed;

  /** Hears of sessions and their messages, in order, on one thread. */
  public interface Listener {
    void opened(Uplink uplink);

    void received(ToAgent message);

    void closed();
  }

  public SessionClient(
      HttpClient client, URI address, Duration backoffMin, Duration backoffMax, Listener listener) {
    this.client = client;
    this.address = address;
    this.backoffMin = backoffMin;
    this.backoffMax = backoffMax;
    this.listener = listener;
  }

  public void start() {
    thread.execute(this::dial);
  }

  @Override
  public void close() {
    closed = true;
    thread.shutdownNow();
  }

  private void dial() {
    Connection connection = new Connection();
    client
        .newWebSocketBuilder()
        .connectTimeout(CONNECT_TIMEOUT)
        .buildAsync(address, connection)
        .whenComplete(
            (socket, failure) -> {
              if (failure != null) {
                LOG.info("no session with {}: {}", address, failure.toString());
                redial();
              }
            });
  }

  private void redial() {
    if (closed) {
      return;
    }
    int doublings = Math.min(failures++, 16);
    long pause = Math.min(backoffMax.toMillis(), backoffMin.toMillis() << doublings);
    long jittered = pause / 2 + (long) (random.nextDouble() * pause / 2);
    thread.schedule(this::dial, jittered, TimeUnit.MILLISECONDS);
  }

  private final class Connection implements WebSocket.Listener, Uplink {
    private final StringBuilder text = new StringBuilder();
    private final Deque<String> queue = new ArrayDeque<>();
    private WebSocket socket;
    private boolean sending;
    private boolean ended;
    private volatile long heardAtNanos = System.nanoTime();

    @Override
    public void onOpen(WebSocket opened) {
      socket = opened;
      failures = 0;
      LOG.info("session with {} is open", address);
      listener.opened(this);
      ping();
      opened.request(1);
    }

    private void ping() {
      long silence = System.nanoTime() - heardAtNanos;
      if (silence > PING_INTERVAL.multipliedBy(3).toNanos()) {
        end("no answer to pings");
      } else {
        enqueue("");
        var unused =
            thread.schedule(this::pingUnlessEnded, PING_INTERVAL.toMillis(), TimeUnit.MILLISECONDS);
      }
    }

    private synchronized boolean hasEnded() {
      return ended;
    }

    private void pingUnlessEnded() {
      if (!hasEnded()) {
        ping();
      }
    }

    @Override
    public CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
      heardAtNanos = System.nanoTime();
      text.append(data);
      if (text.length() > MESSAGE_CHARS_MAX) {
        end("message too large");
        return null;
      }
      if (last) {
        String message = text.toString();
        text.setLength(0);
        try {
          listener.received(ProtocolJson.readToAgent(message));
        } catch (IllegalArgumentException e) {
          LOG.warn("passed over: {}", e.getMessage());
        }
      }
      from.request(1);
      return null;
    }

    @Override
    public CompletionStage<?> onPong(WebSocket from, ByteBuffer message) {
      heardAtNanos = System.nanoTime();
      from.request(1);
      return null;
    }

    @Override
    public CompletionStage<?> onClose(WebSocket from, int code, String reason) {
      end("closed: " + code + " " + reason);
      return null;
    }

    @Override
    public void onError(WebSocket from, Throwable failure) {
      end(failure.toString());
    }

    @Override
    public void send(FromAgent message) {
      enqueue(ProtocolJson.write(message));
    }

    private synchronized void enqueue(String message) {
      if (ended) {
        return;
      }
      if (queue.size() >= QUEUE_MESSAGES_MAX) {
        end("the peer does not read");
        return;
      }
      queue.add(message);
      sendNext();
    }

    /** One send at a time; an empty message stands for a ping. */
    private synchronized void sendNext() {
      if (sending || queue.isEmpty() || ended) {
        return;
      }
      sending = true;
      String message = queue.remove();
      (message.isEmpty() ? socket.sendPing(ByteBuffer.allocate(0)) : socket.sendText(message, true))
          .whenComplete(
              (done, failure) -> {
                if (failure != null) {
                  end(failure.toString());
                } else {
                  sent();
                }
              });
    }

    private synchronized void sent() {
      sending = false;
      sendNext();
    }

    private void end(String why) {
      synchronized (this) {
        if (ended) {
          return;
        }
        ended = true;
        queue.clear();
      }
      LOG.info("session ended: {}", why);
      socket.abort();
      listener.closed();
      redial();
    }
  }
}
