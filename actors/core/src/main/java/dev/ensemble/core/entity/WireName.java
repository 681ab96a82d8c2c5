package dev.ensemble.core.entity;

/** The wire name of each event, the same as in its {@code JsonSubTypes} entry (held by a test). */
final class WireName implements ObjectEvent.Cases<String> {
  @Override
  public String created(ObjectEvent.Created event) {
    return "object.created";
  }

  @Override
  public String edited(ObjectEvent.Edited event) {
    return "object.edited";
  }

  @Override
  public String statusReported(ObjectEvent.StatusReported event) {
    return "object.status-reported";
  }

  @Override
  public String scaled(ObjectEvent.Scaled event) {
    return "object.scaled";
  }

  @Override
  public String terminating(ObjectEvent.Terminating event) {
    return "object.terminating";
  }

  @Override
  public String removed(ObjectEvent.Removed event) {
    return "object.removed";
  }

  @Override
  public String bound(ObjectEvent.Bound event) {
    return "pod.bound";
  }

  @Override
  public String containersStarted(ObjectEvent.ContainersStarted event) {
    return "pod.containers-started";
  }

  @Override
  public String becameReady(ObjectEvent.BecameReady event) {
    return "pod.became-ready";
  }

  @Override
  public String becameUnready(ObjectEvent.BecameUnready event) {
    return "pod.became-unready";
  }

  @Override
  public String finished(ObjectEvent.Finished event) {
    return "pod.finished";
  }
}
