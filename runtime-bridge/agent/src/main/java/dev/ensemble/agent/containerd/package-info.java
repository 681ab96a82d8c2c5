/**
 * A containerd of our own: its configuration, its process, its end. The agent may come and go;
 * containers and containerd stay.
 */
package dev.ensemble.agent.containerd;
