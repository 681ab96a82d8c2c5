package dev.ensemble.actors.store;

/**
 * A message for the actor that lives beside an object's entity: see {@code
 * dev.ensemble.actors.entity.Resident}.
 */
public interface ResidentMessage {}
