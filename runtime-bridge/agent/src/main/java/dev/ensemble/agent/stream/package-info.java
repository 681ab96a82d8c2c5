/**
 * Streams of bytes to and from containers: exec, attach, port-forward through the runtime's
 * streaming server (SPDY, which alone can end one direction), logs from their files.
 */
package dev.ensemble.agent.stream;
