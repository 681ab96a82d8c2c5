package dev.ensemble.actors.observe;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import kamon.Kamon;
import kamon.metric.Counter;
import kamon.metric.Gauge;
import kamon.metric.Histogram;

/** What is measured of the mailboxes of one label; shared by all of them. */
final class MailboxMetrics {
  private static final Map<String, MailboxMetrics> ALL = new ConcurrentHashMap<>();

  private final Counter messages;
  private final LongAdder waiting = new LongAdder();
  private final Gauge waitingSeen;
  private final Histogram wait;
  private final Histogram processing;

  private MailboxMetrics(String actor) {
    messages = Kamon.counter("ensemble_mailbox_messages_total").withTag("actor", actor);
    waitingSeen = Kamon.gauge("ensemble_mailbox_waiting_messages").withTag("actor", actor);
    wait =
        Durations.histogram("ensemble_mailbox_wait_seconds", "in the mailbox, sampled")
            .withTag("actor", actor);
    processing =
        Durations.histogram("ensemble_actor_processing_seconds", "one message, sampled")
            .withTag("actor", actor);
  }

  static MailboxMetrics of(String actor) {
    return ALL.computeIfAbsent(actor, MailboxMetrics::new);
  }

  static void sampleAll() {
    ALL.values().forEach(mailboxes -> mailboxes.waitingSeen.update((double) mailboxes.waiting()));
  }

  long waiting() {
    return waiting.sum();
  }

  void enqueued() {
    waiting.increment();
  }

  void dequeued() {
    waiting.decrement();
    messages.increment();
  }

  void waited(long nanos) {
    wait.record(nanos);
  }

  void processed(long nanos) {
    processing.record(nanos);
  }
}
