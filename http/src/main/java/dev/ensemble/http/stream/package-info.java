/**
 * Streams between clients and containers: exec, attach, logs and port-forward on one side, the
 * agent's WebSockets on the other. A rendezvous by id joins the two; bytes then flow with
 * backpressure from end to end. Vocabulary: a session is an agent's lasting WebSocket, a channel is
 * one that it opens for one stream.
 */
package dev.ensemble.http.stream;
