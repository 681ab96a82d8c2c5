package dev.ensemble.persistence.ledger;

import java.util.function.Consumer;

/** Carries what a reader's consumer threw, so that it is not taken for a fault of the database. */
final class ConsumerFailure extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private ConsumerFailure(RuntimeException cause) {
    super(cause);
  }

  static <T> void guard(Consumer<T> consumer, T value) {
    try {
      consumer.accept(value);
    } catch (RuntimeException e) {
      throw new ConsumerFailure(e);
    }
  }
}
