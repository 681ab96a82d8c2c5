/**
 * What benchmarks share: results with spread, CPU readings of processes, a Cassandra node of their
 * own.
 */
package dev.ensemble.loadtest.bench;
