/**
 * The port to a container runtime: what the agent asks of it and what it learns from it. Requests
 * are spelled in CRI's messages, answers in records of our own, since rules are tested with those.
 */
package dev.ensemble.agent.runtime;
