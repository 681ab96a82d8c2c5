/** Lines of containers' logs as the runtime writes them. */
package dev.ensemble.agent.core.log;
