/** The session with the control plane: dials, reconnects, carries messages both ways. */
package dev.ensemble.agent.session;
