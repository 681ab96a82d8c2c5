/**
 * Ledgers: one actor for each resource type, which orders and writes all commits of that type.
 *
 * <pre>
 *   entity --Recorded--> journal plugin --append--> Ledger --Batch--> LedgerStore (Cassandra)
 *     ^                                               |
 *     |                                               +-- publish --> LedgerView --> watchers, controllers
 *     +------------------- acknowledged <-------------+
 *                                                     +-- WriteBehind --> checkpoint and entity index
 * </pre>
 *
 * <p>Words: an <em>append</em> is what one entity hands over at once; a <em>batch</em> is what is
 * written in one go; a <em>flight</em> is a batch on its way to the store; a <em>tip</em> is where
 * an entity stands.
 */
package dev.ensemble.actors.ledger;
