package dev.ensemble.core.entity;

import java.util.List;

/** What {@code decide} answers. Accepted with no events means that the command changes nothing. */
public sealed interface Decision {
  record Accepted(List<ObjectEvent> events) implements Decision {
    public Accepted {
      events = List.copyOf(events);
    }
  }

  record Rejected(Rejection rejection) implements Decision {}

  static Decision accept(ObjectEvent... events) {
    return new Accepted(List.of(events));
  }

  static Decision reject(Rejection rejection) {
    return new Rejected(rejection);
  }
}
