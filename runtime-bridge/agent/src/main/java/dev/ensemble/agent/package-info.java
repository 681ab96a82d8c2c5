/** The agent's process: settings and wiring. */
package dev.ensemble.agent;
