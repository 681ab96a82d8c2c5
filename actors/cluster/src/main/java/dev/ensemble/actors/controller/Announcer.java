package dev.ensemble.actors.controller;

import dev.ensemble.core.controller.Note;
import dev.ensemble.persistence.format.EventId;
import java.util.Optional;

/** Takes notes that become core/v1 Events. Never blocks and never fails; notes may be dropped. */
@FunctionalInterface
public interface Announcer {
  void announce(Note note, Optional<EventId> cause);
}
