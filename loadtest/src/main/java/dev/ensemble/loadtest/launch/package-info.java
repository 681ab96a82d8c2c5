/**
 * The whole of Ensemble as {@code ./ensemble up} starts it: how long that takes, what it holds in
 * memory.
 */
package dev.ensemble.loadtest.launch;
