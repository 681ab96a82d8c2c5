package dev.ensemble.actors.observe;

import akka.actor.ActorRef;
import akka.dispatch.AbstractNodeQueue;
import akka.dispatch.Envelope;
import akka.dispatch.MessageQueue;
import akka.dispatch.UnboundedMessageQueueSemantics;

/**
 * The queue of a measured mailbox: many producers, one consumer, as Akka's default one for typed
 * actors. Counts every message; times one at a time, and of those only one in 16, so that the clock
 * is rarely read.
 */
final class MeasuredQueue implements MessageQueue, UnboundedMessageQueueSemantics {
  private static final int TIMED_ONE_IN = 16;

  private final MailboxMetrics metrics;
  private final Queue queue = new Queue();

  /** Waits in the queue and is timed. Producers race for it; one that loses is not timed. */
  private volatile Envelope timed;

  private volatile long timedSince;

  /** Whether the next message that comes is to be timed. */
  private volatile boolean timeNext = true;

  // Of the consumer only.
  private int untilTimed;
  private boolean processing;
  private long processingSince;

  MeasuredQueue(MailboxMetrics metrics) {
    this.metrics = metrics;
  }

  @Override
  public void enqueue(ActorRef receiver, Envelope message) {
    if (timeNext) {
      timeNext = false;
      timedSince = System.nanoTime();
      timed = message;
    }
    metrics.enqueued();
    queue.add(message);
  }

  /** Envelopes of equal messages are many; the one that is timed is meant. */
  @SuppressWarnings("ReferenceEquality")
  @Override
  public Envelope dequeue() {
    endProcessing();
    Envelope message = queue.poll();
    if (message == null) {
      return null;
    }
    metrics.dequeued();
    if (message == timed) {
      timed = null;
      untilTimed = TIMED_ONE_IN;
      processing = true;
      processingSince = System.nanoTime();
      metrics.waited(processingSince - timedSince);
    } else if (!timeNext && timed == null && --untilTimed <= 0) {
      timeNext = true;
    }
    return message;
  }

  /**
   * Akka asks this after the last message of a turn: so that one does not seem to take for ever.
   */
  @Override
  public boolean hasMessages() {
    endProcessing();
    return !queue.isEmpty();
  }

  private void endProcessing() {
    if (processing) {
      processing = false;
      metrics.processed(System.nanoTime() - processingSince);
    }
  }

  @Override
  public int numberOfMessages() {
    return queue.count();
  }

  /** The actor has ended. */
  @Override
  public void cleanUp(ActorRef owner, MessageQueue deadLetters) {
    for (Envelope message = dequeue(); message != null; message = dequeue()) {
      deadLetters.enqueue(owner, message);
    }
  }

  private static final class Queue extends AbstractNodeQueue<Envelope> {
    private static final long serialVersionUID = 1L;
  }
}
