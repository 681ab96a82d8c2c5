package dev.ensemble.persistence.journal;

import akka.actor.AbstractExtensionId;
import akka.actor.ClassicActorSystemProvider;
import akka.actor.ExtendedActorSystem;
import akka.actor.Extension;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Holds the actor system's {@link LedgerGateway}: journal plugins are made by Akka and find it
 * here.
 */
public final class LedgerGateways extends AbstractExtensionId<LedgerGateways.Holder> {
  private static final LedgerGateways ID = new LedgerGateways();

  private LedgerGateways() {}

  @Override
  public Holder createExtension(ExtendedActorSystem system) {
    return new Holder();
  }

  public static Holder of(ClassicActorSystemProvider system) {
    return ID.get(system);
  }

  /** Set once when ledgers start. */
  public static final class Holder implements Extension {
    private final AtomicReference<LedgerGateway> gateway = new AtomicReference<>();

    public void provide(LedgerGateway ledgerGateway) {
      gateway.set(ledgerGateway);
    }

    LedgerGateway gateway() {
      return Optional.ofNullable(gateway.get())
          .orElseThrow(
              () -> new IllegalStateException("a journal is used before ledgers were started"));
    }
  }
}
