/** The runtime port over CRI v1 and containerd's event service, on one unix socket. */
package dev.ensemble.agent.cri;
