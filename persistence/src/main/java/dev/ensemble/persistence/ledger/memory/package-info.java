/** Ledgers in memory, for tests and simulations: the same fencing over other tables. */
package dev.ensemble.persistence.ledger.memory;
