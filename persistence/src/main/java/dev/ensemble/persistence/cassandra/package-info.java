/**
 * Cassandra: its settings, our connection and schema, and the node that Ensemble runs by itself as
 * a child process. What is kept in the tables is the business of the packages {@code ledger} and
 * {@code seal}.
 */
package dev.ensemble.persistence.cassandra;
