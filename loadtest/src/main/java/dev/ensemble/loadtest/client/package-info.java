/**
 * A lean client of the Kubernetes API for load: raw HTTP/2 frames over TLS, one event loop for all
 * connections, bodies discarded unless asked for. No retries, no limits, no codecs.
 */
package dev.ensemble.loadtest.client;
