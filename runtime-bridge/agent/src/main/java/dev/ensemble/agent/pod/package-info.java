/**
 * Pods on this machine: one actor a pod carries out the plan of {@link
 * dev.ensemble.agent.core.pod}; what it needs of the runtime and the file system is beside it.
 */
package dev.ensemble.agent.pod;
