/** A file that describes one container, older than this API, and the Pod that it stands for. */
package dev.ensemble.core.container;
