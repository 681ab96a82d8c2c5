/** The node's network: the CNI configuration, packet rules for Services, the guard. */
package dev.ensemble.agent.network;
