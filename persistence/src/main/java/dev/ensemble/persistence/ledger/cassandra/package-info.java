/**
 * The ledgers' tables in Cassandra. Which statements, which consistency; no fencing logic, that is
 * in {@code dev.ensemble.persistence.ledger}.
 */
package dev.ensemble.persistence.ledger.cassandra;
