/**
 * Packet rules as text: Services and their endpoints go in, one nftables transaction comes out. The
 * layout is that of kube-proxy's nftables mode: maps from address, protocol and port to a chain a
 * Service, chains that pick an endpoint.
 */
package dev.ensemble.agent.core.service;
