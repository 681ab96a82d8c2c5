/**
 * Teaches the control plane's JVM what this program does, before anybody waits for it.
 *
 * <pre>
 *   TrainMain --&gt; Training --&gt; launch: ./ensemble up --simulated, with the JVM recording
 *                          --&gt; webapp, api: what is asked of it
 * </pre>
 */
package dev.ensemble.loadtest.train;
