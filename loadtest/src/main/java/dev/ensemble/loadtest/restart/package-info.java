/** How long the control plane is away after a kill, with many objects stored. */
package dev.ensemble.loadtest.restart;
