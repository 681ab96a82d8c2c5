/**
 * Benchmarks and load. {@link dev.ensemble.loadtest.BenchMain} runs one by name; docs/benchmarks.md
 * says what each measures.
 */
package dev.ensemble.loadtest;
