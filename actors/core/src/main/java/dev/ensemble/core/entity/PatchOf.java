package dev.ensemble.core.entity;

import com.fasterxml.jackson.databind.node.ObjectNode;

/** The merge patch that an event carries. Created and Removed have none: asking is a bug. */
final class PatchOf implements ObjectEvent.Cases<ObjectNode> {
  @Override
  public ObjectNode created(ObjectEvent.Created event) {
    throw new IllegalStateException("Created is not a patch");
  }

  @Override
  public ObjectNode edited(ObjectEvent.Edited event) {
    return event.patch();
  }

  @Override
  public ObjectNode statusReported(ObjectEvent.StatusReported event) {
    return event.patch();
  }

  @Override
  public ObjectNode scaled(ObjectEvent.Scaled event) {
    return event.patch();
  }

  @Override
  public ObjectNode terminating(ObjectEvent.Terminating event) {
    return event.patch();
  }

  @Override
  public ObjectNode removed(ObjectEvent.Removed event) {
    throw new IllegalStateException("Removed is not a patch");
  }

  @Override
  public ObjectNode bound(ObjectEvent.Bound event) {
    return event.patch();
  }

  @Override
  public ObjectNode containersStarted(ObjectEvent.ContainersStarted event) {
    return event.patch();
  }

  @Override
  public ObjectNode becameReady(ObjectEvent.BecameReady event) {
    return event.patch();
  }

  @Override
  public ObjectNode becameUnready(ObjectEvent.BecameUnready event) {
    return event.patch();
  }

  @Override
  public ObjectNode finished(ObjectEvent.Finished event) {
    return event.patch();
  }
}
