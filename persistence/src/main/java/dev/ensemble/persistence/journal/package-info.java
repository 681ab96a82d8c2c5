/**
 * The Akka Persistence journal of entities. It stores nothing itself: it hands events to the ledger
 * of their resource type through a {@link dev.ensemble.persistence.journal.LedgerGateway}, and
 * recovers an entity from what the ledger holds.
 *
 * <p>Each resource type has a journal plugin instance of its own, because Akka answers all writes
 * of one instance in the order in which they came: a ledger that stands still must not hold up the
 * others.
 */
package dev.ensemble.persistence.journal;
