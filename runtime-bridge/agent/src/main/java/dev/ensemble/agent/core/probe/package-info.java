/** What probes are asked for and when their results count. */
package dev.ensemble.agent.core.probe;
