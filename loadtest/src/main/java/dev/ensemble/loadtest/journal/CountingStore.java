package dev.ensemble.loadtest.journal;

import dev.ensemble.persistence.format.Batch;
import dev.ensemble.persistence.ledger.LedgerStore;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.concurrent.atomic.AtomicLong;

/** Counts the batches that go to a ledger store, and their events. */
final class CountingStore {
  private final AtomicLong batches = new AtomicLong();
  private final AtomicLong events = new AtomicLong();
  private final LedgerStore counted;

  CountingStore(LedgerStore store) {
    counted =
        (LedgerStore)
            Proxy.newProxyInstance(
                LedgerStore.class.getClassLoader(),
                new Class<?>[] {LedgerStore.class},
                (proxy, method, args) -> {
                  if (method.getName().equals("append")) {
                    batches.incrementAndGet();
                    events.addAndGet(((Batch) args[0]).events().size());
                  }
                  try {
                    return method.invoke(store, args);
                  } catch (InvocationTargetException e) {
                    throw e.getCause();
                  }
                });
  }

  LedgerStore counted() {
    return counted;
  }

  long batches() {
    return batches.get();
  }

  long events() {
    return events.get();
  }
}
