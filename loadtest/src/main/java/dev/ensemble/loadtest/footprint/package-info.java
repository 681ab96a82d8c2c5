/** What each node and each pod costs: memory, disk, CPU. */
package dev.ensemble.loadtest.footprint;
