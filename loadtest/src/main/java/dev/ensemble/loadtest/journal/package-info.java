/**
 * The journal against the driver alone: what entities, order and views cost on top of a durable
 * row.
 */
package dev.ensemble.loadtest.journal;
