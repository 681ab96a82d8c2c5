package dev.ensemble.actors.observe;

import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.ActorRef;
import akka.dispatch.Envelope;
import akka.dispatch.MessageQueue;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class MeasuredQueueTest {
  private static final int PRODUCERS = 4;
  private static final int MESSAGES = 20_000;

  private record Numbered(int producer, int number) {}

  @Test
  void whileManyProduceNothingIsLostOrOvertaken() throws InterruptedException {
    MeasuredQueue queue = new MeasuredQueue(MailboxMetrics.of("test-producers"));
    CountDownLatch start = new CountDownLatch(1);
    List<Thread> producers = new ArrayList<>();
    for (int p = 0; p < PRODUCERS; p++) {
      int producer = p;
      Thread thread =
          new Thread(
              () -> {
                try {
                  start.await();
                } catch (InterruptedException e) {
                  return;
                }
                for (int i = 0; i < MESSAGES; i++) {
                  queue.enqueue(ActorRef.noSender(), envelope(new Numbered(producer, i)));
                }
              });
      thread.start();
      producers.add(thread);
    }
    start.countDown();
    int[] next = new int[PRODUCERS];
    for (int taken = 0; taken < PRODUCERS * MESSAGES; ) {
      Envelope envelope = queue.dequeue();
      if (envelope != null) {
        Numbered message = (Numbered) envelope.message();
        assertThat(message.number()).isEqualTo(next[message.producer()]++);
        taken++;
      } else {
        Thread.onSpinWait();
      }
    }
    for (Thread producer : producers) {
      producer.join();
    }
    assertThat(queue.hasMessages()).isFalse();
    assertThat(queue.dequeue()).isNull();
    assertThat(MailboxMetrics.of("test-producers").waiting()).isZero();
  }

  @Test
  void whatAnActorLeavesBehindGoesToDeadLettersAndWaitsNoMore() {
    MeasuredQueue queue = new MeasuredQueue(MailboxMetrics.of("test-ended"));
    MeasuredQueue deadLetters = new MeasuredQueue(MailboxMetrics.of("test-dead-letters"));
    queue.enqueue(ActorRef.noSender(), envelope("one"));
    queue.enqueue(ActorRef.noSender(), envelope("two"));
    assertThat(MailboxMetrics.of("test-ended").waiting()).isEqualTo(2);
    queue.cleanUp(ActorRef.noSender(), deadLetters);
    assertThat(MailboxMetrics.of("test-ended").waiting()).isZero();
    assertThat(messages(deadLetters)).containsExactly("one", "two");
  }

  private static List<Object> messages(MessageQueue queue) {
    List<Object> messages = new ArrayList<>();
    for (Envelope next = queue.dequeue(); next != null; next = queue.dequeue()) {
      messages.add(next.message());
    }
    return messages;
  }

  private static Envelope envelope(Object message) {
    return new Envelope(message, ActorRef.noSender());
  }
}
