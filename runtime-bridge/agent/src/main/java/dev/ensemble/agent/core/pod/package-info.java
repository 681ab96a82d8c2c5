/**
 * The life of a pod as rules: what is wanted and what is seen go in, what is to be done next
 * ({@link dev.ensemble.agent.core.pod.PodPlan}) and what is to be reported ({@link
 * dev.ensemble.agent.core.pod.PodStatusRules}) come out.
 *
 * <p>Facts are what the runtime knows; memory is what only the agent knows (backoffs, probe
 * results, why something waits) and may be lost with it.
 */
package dev.ensemble.agent.core.pod;
