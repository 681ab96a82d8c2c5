/** Benchmarks of scheduling. */
package dev.ensemble.loadtest.scheduler;
