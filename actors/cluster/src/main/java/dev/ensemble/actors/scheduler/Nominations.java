package dev.ensemble.actors.scheduler;

import dev.ensemble.core.scheduling.Book;
import dev.ensemble.core.scheduling.PodRequest;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Pods for which others are being ended, each with the node where it is to go then. The room counts
 * as taken for all others meanwhile.
 */
final class Nominations {
  private final Book book;
  private final Map<String, Nomination> nominations = new HashMap<>();

  private record Nomination(PodRequest pod, String node) {}

  Nominations(Book book) {
    this.book = book;
  }

  void set(PodRequest pod, String node) {
    forget(pod.uid());
    nominations.put(pod.uid(), new Nomination(pod, node));
    book.assume(node, pod);
  }

  Optional<String> node(String uid) {
    return Optional.ofNullable(nominations.get(uid)).map(Nomination::node);
  }

  /** The pod itself is looked at: its claim must not stand in its own way. */
  void lift(String uid) {
    Nomination nomination = nominations.get(uid);
    if (nomination != null) {
      book.release(nomination.node(), uid);
    }
  }

  /** The pod goes on waiting for its node. */
  void restore(String uid) {
    Nomination nomination = nominations.get(uid);
    if (nomination != null) {
      book.assume(nomination.node(), nomination.pod());
    }
  }

  /** Whether there was one. */
  boolean forget(String uid) {
    lift(uid);
    return nominations.remove(uid) != null;
  }
}
