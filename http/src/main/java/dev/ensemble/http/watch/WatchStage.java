package dev.ensemble.http.watch;

import akka.stream.Attributes;
import akka.stream.Outlet;
import akka.stream.SourceShape;
import akka.stream.stage.AbstractOutHandler;
import akka.stream.stage.AsyncCallback;
import akka.stream.stage.GraphStage;
import akka.stream.stage.GraphStageLogic;
import akka.stream.stage.TimerGraphStageLogic;
import akka.util.ByteString;
import dev.ensemble.actors.store.StoreUnavailableException;
import dev.ensemble.actors.view.Change;
import dev.ensemble.actors.view.PastPage;
import dev.ensemble.actors.view.RevisionExpiredException;
import dev.ensemble.actors.view.View;
import dev.ensemble.http.status.Failures;
import dev.ensemble.http.status.StatusException;
import java.util.ArrayDeque;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The source of a watch's bytes. Changes wait in a bounded queue that the ledger's thread fills;
 * the reader takes them as one chunk. A watcher whose queue is full lets go of the ledger and
 * catches up from it later; what the view has dropped by then, or never had because the process is
 * new, is read from the journal page by page. One that reads nothing for too long is closed.
 */
final class WatchStage extends GraphStage<SourceShape<ByteString>> {
  /** A chunk grows to about this size before it is sent. */
  private static final int CHUNK_BYTES = 128 * 1024;

  private static final Logger LOG = LoggerFactory.getLogger(WatchStage.class);

  private static final String BOOKMARK = "bookmark";
  private static final String TIMEOUT = "timeout";
  private static final String STALL = "stall";

  private final WatchPlan plan;
  private final Outlet<ByteString> out = Outlet.create("watch.out");
  private final SourceShape<ByteString> shape = SourceShape.of(out);

  WatchStage(WatchPlan plan) {
    this.plan = plan;
  }

  @Override
  public SourceShape<ByteString> shape() {
    return shape;
  }

  @Override
  public GraphStageLogic createLogic(Attributes attributes) {
    return new Logic();
  }

  private record Past(Optional<PastPage> page, Optional<Throwable> failure) {}

  private final class Logic extends TimerGraphStageLogic {
    private final Inbox inbox = new Inbox();
    private final AsyncCallback<Inbox> wake = createAsyncCallback(ignored -> flush());
    private final AsyncCallback<Past> pageArrived = createAsyncCallback(this::onPage);
    private final AsyncCallback<Inbox> stop = createAsyncCallback(ignored -> completeStage());
    private final ArrayDeque<Change> past = new ArrayDeque<>();
    private boolean readingPast;
    private long pastPosition;
    private Optional<Throwable> failed = Optional.empty();
    private View.Subscription subscription;
    private long position = plan.position();
    private boolean initial = true;
    private boolean bookmarkDue;
    private Runnable watching = () -> {};
    private Runnable open = () -> {};
    private long lastPullNanos = System.nanoTime();

    Logic() {
      super(shape);
      setHandler(
          out,
          new AbstractOutHandler() {
            @Override
            public void onPull() {
              lastPullNanos = System.nanoTime();
              flush();
            }
          });
    }

    @Override
    public void preStart() {
      open = plan.open().add(() -> stop.invoke(inbox));
      watching = plan.metrics().watching(plan.view().resource().toString(), inbox::size);
      scheduleOnce(TIMEOUT, plan.timeout());
      if (plan.bookmarks()) {
        scheduleAtFixedRate(
            BOOKMARK, plan.settings().bookmarkInterval(), plan.settings().bookmarkInterval());
      }
      scheduleAtFixedRate(STALL, plan.settings().stallMax(), plan.settings().stallMax());
    }

    @Override
    public void postStop() {
      unsubscribe();
      watching.run();
      open.run();
    }

    @Override
    public void onTimer(Object timer) {
      if (timer.equals(BOOKMARK)) {
        bookmarkDue = true;
        flush();
      } else if (timer.equals(TIMEOUT)) {
        bookmarkDue = plan.bookmarks();
        flush();
        completeStage();
      } else if ((inbox.waits() || !past.isEmpty()) && stalled()) {
        completeStage();
      }
    }

    private boolean stalled() {
      return !isAvailable(out)
          && System.nanoTime() - lastPullNanos > plan.settings().stallMax().toNanos();
    }

    private void flush() {
      if (!isAvailable(out)) {
        return;
      }
      // Most chunks are one event, whose bytes all watchers share.
      ByteString chunk = ByteString.emptyByteString();
      try {
        if (initial) {
          chunk = existing();
        }
        if (!initial) {
          chunk = changes(chunk);
        }
      } catch (StoreUnavailableException e) {
        failed = Optional.of(e);
      }
      if (failed.isPresent()) {
        end(chunk, last(failed.get()));
        return;
      }
      if (!chunk.isEmpty()) {
        push(out, chunk);
      }
    }

    /**
     * What the client is told besides the end. Nothing when the ledger is away: its next request is
     * answered by whoever has it then.
     */
    private static ByteString last(Throwable failure) {
      Optional<StatusException> status = Failures.of(failure);
      boolean told = status.isPresent() && status.get().code() < 500;
      if (status.isEmpty()) {
        LOG.error("a watch cannot be read from the journal", failure);
      }
      return told ? Frames.frame("ERROR", status.get().status()) : ByteString.emptyByteString();
    }

    private void end(ByteString chunk, ByteString last) {
      ByteString all = chunk.concat(last);
      if (!all.isEmpty()) {
        push(out, all);
      }
      completeStage();
    }

    private ByteString existing() {
      ByteString chunk = ByteString.emptyByteString();
      while (plan.existing().hasNext() && chunk.size() < CHUNK_BYTES) {
        chunk = chunk.concat(plan.encoder().existing(plan.existing().next()));
      }
      if (plan.existing().hasNext()) {
        return chunk;
      }
      if (plan.initialEnd().isPresent()) {
        chunk = chunk.concat(plan.encoder().bookmark(position, plan.initialEnd().get()));
      }
      initial = false;
      subscribe();
      return chunk;
    }

    private ByteString changes(ByteString before) {
      ByteString chunk = before;
      while (chunk.size() < CHUNK_BYTES && !readingPast && failed.isEmpty()) {
        Change next = past.isEmpty() ? inbox.poll() : past.poll();
        if (next != null) {
          position = next.revision();
          chunk = chunk.concat(plan.encoder().change(next));
        } else if (subscription == null) {
          position = Math.max(position, pastPosition);
          subscribe();
        } else if (inbox.lost()) {
          subscribe();
        } else {
          position = Math.max(position, inbox.seenWhenEmpty());
          break;
        }
      }
      if (bookmarkDue && chunk.size() < CHUNK_BYTES) {
        bookmarkDue = false;
        chunk = chunk.concat(plan.encoder().bookmark(position, Map.of()));
      }
      if (chunk.isEmpty()) {
        inbox.awaitNext();
      }
      return chunk;
    }

    /**
     * Begins, or begins again where the last change left off; from the journal while the view does
     * not go back so far.
     */
    private void subscribe() {
      unsubscribe();
      View.Listener listener = inbox.open();
      try {
        subscription = plan.view().subscribe(position, listener);
      } catch (RevisionExpiredException e) {
        inbox.close();
        readingPast = true;
        plan.view()
            .changesAfter(position, plan.scope())
            .whenComplete(
                (page, failure) ->
                    pageArrived.invoke(
                        new Past(Optional.ofNullable(page), Optional.ofNullable(failure))));
      }
    }

    private void onPage(Past arrived) {
      readingPast = false;
      failed = arrived.failure();
      arrived
          .page()
          .ifPresent(
              page -> {
                past.addAll(page.changes());
                pastPosition = page.position();
              });
      flush();
    }

    private void unsubscribe() {
      if (subscription != null) {
        subscription.cancel();
        subscription = null;
      }
      inbox.close();
    }

    /** What the ledger's thread hands over. */
    private final class Inbox {
      private final AtomicBoolean hungry = new AtomicBoolean();
      private final ArrayDeque<Change> queue = new ArrayDeque<>();
      private Object current = new Object();
      private boolean lost;
      private long seen;

      synchronized View.Listener open() {
        queue.clear();
        lost = false;
        Feed feed = new Feed();
        current = feed;
        return feed;
      }

      synchronized void close() {
        current = new Object();
        queue.clear();
      }

      synchronized int size() {
        return queue.size();
      }

      synchronized Change poll() {
        return queue.poll();
      }

      synchronized boolean lost() {
        return lost && queue.isEmpty();
      }

      synchronized boolean waits() {
        return lost || !queue.isEmpty();
      }

      /** The newest revision seen, when nothing waits; else 0. */
      synchronized long seenWhenEmpty() {
        return queue.isEmpty() && !lost ? seen : 0;
      }

      void awaitNext() {
        hungry.set(true);
        if (waits() && hungry.compareAndSet(true, false)) {
          // Something came between the last look and now.
          wake.invoke(this);
        }
      }

      private void offer(Feed feed, Change change) {
        synchronized (this) {
          if (feed != current || lost) {
            return;
          }
          if (!plan.concerns().test(change.object())) {
            seen = change.revision();
            return;
          }
          if (queue.size() >= plan.settings().bufferedChangesMax()) {
            lost = true;
            plan.metrics().watchFellBehind(plan.view().resource().toString());
          } else {
            seen = change.revision();
            queue.add(change);
          }
        }
        wakeReader();
      }

      private void lose(Feed feed) {
        synchronized (this) {
          if (feed != current) {
            return;
          }
          lost = true;
        }
        wakeReader();
      }

      private void wakeReader() {
        if (hungry.get() && hungry.compareAndSet(true, false)) {
          wake.invoke(this);
        }
      }

      private final class Feed implements View.Listener {
        @Override
        public void onChange(Change change) {
          offer(this, change);
        }

        @Override
        public void onEnd() {
          lose(this);
        }
      }
    }
  }
}
