package dev.ensemble.agent.node;

import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

/** Does one thing at a time with the newest value; values that came meanwhile are passed over. */
// The stages ignored here end in what they lead to; their failures are handled there.
@SuppressWarnings("FutureReturnValueIgnored")
final class LatestOnly<T> {
  private final Executor executor;
  private final Consumer<T> action;
  private final AtomicReference<Slot<T>> slot = new AtomicReference<>(new Slot<>(false, null));

  private record Slot<T>(boolean busy, T next) {}

  LatestOnly(Executor executor, Consumer<T> action) {
    this.executor = executor;
    this.action = action;
  }

  void offer(T value) {
    Slot<T> before = slot.getAndUpdate(s -> new Slot<>(true, s.busy() ? value : null));
    if (!before.busy()) {
      executor.execute(() -> run(value));
    }
  }

  private void run(T first) {
    T value = first;
    while (value != null) {
      action.accept(value);
      Slot<T> before = slot.getAndUpdate(s -> new Slot<>(s.next() != null, null));
      value = before.next();
    }
  }
}
