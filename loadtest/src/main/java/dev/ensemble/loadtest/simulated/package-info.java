/**
 * Nodes without a machine: thousands in one process, which take pods and tell of them as an agent
 * would, through its session or as plain clients of the API. Nothing runs on them.
 */
package dev.ensemble.loadtest.simulated;
