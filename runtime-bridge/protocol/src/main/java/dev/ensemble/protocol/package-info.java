/**
 * What a node's agent and the control plane say to each other: JSON text messages on one WebSocket
 * session that the agent opens, and one WebSocket for each stream (exec, attach, logs,
 * port-forward) that the control plane asks the agent to open.
 *
 * <pre>
 *   agent                                     control plane
 *     | GET /ensemble/v1/nodes/NAME/session      |   WebSocket, client certificate system:node:NAME
 *     | Hello ---------------------------------> |
 *     | <------------------------------- Welcome |
 *     | <----- PodDesired*, ServicesDesired, Synced |   everything wanted, then only changes
 *     | Heartbeat, PodReported, NodeReported --> |
 *     | <---------------------------- OpenStream |
 *     | GET /ensemble/v1/nodes/NAME/streams/ID   |   a WebSocket of its own: see {@link dev.ensemble.protocol.StreamFrame}
 * </pre>
 */
package dev.ensemble.protocol;
