package dev.ensemble.actors.entity;

import dev.ensemble.core.entity.ObjectState;

/** What an entity's actor holds: the state of its name. */
public record EntityState(ObjectState object) {}
