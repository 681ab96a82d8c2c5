package dev.ensemble.core.controller.node;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * All that a Node's pass may look at.
 *
 * @param lastHeard when the node last gave a sign of life; empty when it never did since this
 *     process began to listen at {@code listeningSince}
 * @param gracePeriod how long a node may be silent, upstream's node-monitor-grace-period
 */
public record NodeLifecycleView(
    ObjectNode node, Optional<Instant> lastHeard, Instant listeningSince, Duration gracePeriod) {}
