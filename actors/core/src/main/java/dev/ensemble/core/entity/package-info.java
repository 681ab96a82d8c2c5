/**
 * The rules of one object's life, pure: commands in, events or a rejection out ({@code decide}),
 * events folded into state ({@code evolve}). The wiring to Akka is in the {@code actors} module.
 */
package dev.ensemble.core.entity;
