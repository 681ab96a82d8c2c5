/**
 * Sharded persistent actors, one for each object, and what lives beside them. Wiring only: the
 * rules are in {@code core}.
 */
package dev.ensemble.actors.entity;
