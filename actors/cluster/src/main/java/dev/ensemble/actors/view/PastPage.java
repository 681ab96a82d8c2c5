package dev.ensemble.actors.view;

import java.util.List;

/**
 * Some changes from the ledger's store, in order.
 *
 * @param position all changes of the scope up to this revision are in this page or were in those
 *     before: where the next page, or a subscription, begins. The same as was asked for when the
 *     store cannot tell yet
 */
public record PastPage(List<Change> changes, long position) {
  public PastPage {
    changes = List.copyOf(changes);
  }
}
