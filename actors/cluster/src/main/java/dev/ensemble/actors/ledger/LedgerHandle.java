package dev.ensemble.actors.ledger;

import akka.actor.typed.ActorRef;
import dev.ensemble.actors.view.Archive;
import dev.ensemble.actors.view.HeldBytes;
import dev.ensemble.actors.view.LedgerView;
import dev.ensemble.core.object.ResourceName;
import dev.ensemble.core.resource.ResourceType.Secrecy;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * What this process knows of one ledger: its view, and its actor while it runs. Shared by the
 * ledger's actor and its callers.
 */
public final class LedgerHandle {
  private final ResourceName resource;
  private final Secrecy secrecy;
  private final LedgerView view;
  private volatile CompletableFuture<ActorRef<Ledger.Command>> running = new CompletableFuture<>();
  private volatile boolean full;

  LedgerHandle(
      ResourceName resource,
      Secrecy secrecy,
      LedgerView.Limits limits,
      HeldBytes heldBytes,
      Archive archive) {
    this.resource = resource;
    this.secrecy = secrecy;
    this.view = new LedgerView(resource, limits, heldBytes, archive);
  }

  public ResourceName resource() {
    return resource;
  }

  /** The ledger's name in the store. */
  String name() {
    return resource.toString();
  }

  Secrecy secrecy() {
    return secrecy;
  }

  public LedgerView view() {
    return view;
  }

  /** Completes when the ledger has recovered and takes appends; a new stage after each failure. */
  public CompletionStage<ActorRef<Ledger.Command>> running() {
    return running;
  }

  public boolean isRunning() {
    return running.isDone();
  }

  /**
   * Whether an append would be refused now. To be asked before an entity is: what an entity hands
   * on is answered in order, so a refusal waits for those before it.
   */
  public boolean isFull() {
    return full;
  }

  void full(boolean isFull) {
    full = isFull;
  }

  void started(ActorRef<Ledger.Command> ledger) {
    running.complete(ledger);
  }

  /**
   * Must come before anything of the failure is told: an entity that replays now must wait for the
   * recovered view.
   */
  void stopped() {
    if (running.isDone()) {
      running = new CompletableFuture<>();
    }
  }
}
