package dev.ensemble.actors.ledger;

import dev.ensemble.core.entity.ObjectEvent;
import dev.ensemble.core.entity.ObjectEventCodec;
import dev.ensemble.persistence.format.EventRecord;

/** What an event's wire name tells without its payload, which may be sealed. */
final class EventNames {
  private static final String REMOVED = ObjectEventCodec.wireName(new ObjectEvent.Removed(""));
  private static final String CREATED = "object.created";

  private EventNames() {}

  static boolean isRemoval(EventRecord event) {
    return event.type().equals(REMOVED);
  }

  static boolean isCreation(EventRecord event) {
    return event.type().equals(CREATED);
  }
}
