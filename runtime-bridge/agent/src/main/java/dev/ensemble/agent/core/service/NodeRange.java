package dev.ensemble.agent.core.service;

import java.util.Optional;

/**
 * Where the node stands in the cluster's network.
 *
 * @param uplink the device of the default route, if there is one
 */
public record NodeRange(
    String nodeName,
    String table,
    String bridge,
    String podCidr,
    String clusterCidr,
    String serviceCidr,
    Optional<String> uplink) {}
