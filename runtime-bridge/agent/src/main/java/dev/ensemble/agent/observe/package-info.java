/**
 * What the agent measures: calls to the runtime, pulls, starts of pods, probes, its own process;
 * and where Prometheus reads it. Nothing here decides anything.
 */
package dev.ensemble.agent.observe;
