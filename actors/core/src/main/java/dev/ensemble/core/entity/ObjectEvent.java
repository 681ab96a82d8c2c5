package dev.ensemble.core.entity;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/**
 * One fact in an entity's journal. Wire names are for ever: never changed, never used again for
 * something else. Patches are JSON merge patches (RFC 7386) against the object before the event.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
  @JsonSubTypes.Type(value = ObjectEvent.Created.class, name = "object.created"),
  @JsonSubTypes.Type(value = ObjectEvent.Edited.class, name = "object.edited"),
  @JsonSubTypes.Type(value = ObjectEvent.StatusReported.class, name = "object.status-reported"),
  @JsonSubTypes.Type(value = ObjectEvent.Scaled.class, name = "object.scaled"),
  @JsonSubTypes.Type(value = ObjectEvent.Terminating.class, name = "object.terminating"),
  @JsonSubTypes.Type(value = ObjectEvent.Removed.class, name = "object.removed"),
  @JsonSubTypes.Type(value = ObjectEvent.Bound.class, name = "pod.bound"),
  @JsonSubTypes.Type(value = ObjectEvent.ContainersStarted.class, name = "pod.containers-started"),
  @JsonSubTypes.Type(value = ObjectEvent.BecameReady.class, name = "pod.became-ready"),
  @JsonSubTypes.Type(value = ObjectEvent.BecameUnready.class, name = "pod.became-unready"),
  @JsonSubTypes.Type(value = ObjectEvent.Finished.class, name = "pod.finished"),
})
public sealed interface ObjectEvent {
  /** One method a case: a forgotten one does not compile. */
  <R> R match(Cases<R> cases);

  /** The cases. */
  interface Cases<R> {
    R created(Created event);

    R edited(Edited event);

    R statusReported(StatusReported event);

    R scaled(Scaled event);

    R terminating(Terminating event);

    R removed(Removed event);

    R bound(Bound event);

    R containersStarted(ContainersStarted event);

    R becameReady(BecameReady event);

    R becameUnready(BecameUnready event);

    R finished(Finished event);
  }

  /** The object came into being, whole, without resourceVersion. */
  record Created(ObjectNode object) implements ObjectEvent {
    @Override
    public <R> R match(Cases<R> cases) {
      return cases.created(this);
    }
  }

  /** Somebody edited the object freely. */
  record Edited(ObjectNode patch) implements ObjectEvent {
    @Override
    public <R> R match(Cases<R> cases) {
      return cases.edited(this);
    }
  }

  /**
   * A controller or a node reported status; {@code patch} touches only {@code status} (and
   * managedFields).
   */
  record StatusReported(ObjectNode patch) implements ObjectEvent {
    @Override
    public <R> R match(Cases<R> cases) {
      return cases.statusReported(this);
    }
  }

  /** The wanted number of replicas changed. */
  record Scaled(int from, int to, ObjectNode patch) implements ObjectEvent {
    @Override
    public <R> R match(Cases<R> cases) {
      return cases.scaled(this);
    }
  }

  /**
   * Deletion was asked for; finalizers or a graceful period hold the object. {@code patch} sets the
   * deletion metadata.
   */
  record Terminating(ObjectNode patch) implements ObjectEvent {
    @Override
    public <R> R match(Cases<R> cases) {
      return cases.terminating(this);
    }
  }

  /** The object is gone. The name may be used again by a new incarnation. */
  record Removed(String uid) implements ObjectEvent {
    @Override
    public <R> R match(Cases<R> cases) {
      return cases.removed(this);
    }
  }

  /** A pod was awarded to a node; {@code bids} are all bids and refusals known at that moment. */
  record Bound(String node, List<Bid> bids, ObjectNode patch) implements ObjectEvent {
    public Bound {
      bids = List.copyOf(bids);
    }

    @Override
    public <R> R match(Cases<R> cases) {
      return cases.bound(this);
    }
  }

  /** The node reports all containers of a pod started. */
  record ContainersStarted(ObjectNode patch) implements ObjectEvent {
    @Override
    public <R> R match(Cases<R> cases) {
      return cases.containersStarted(this);
    }
  }

  /** The pod's Ready condition became True. */
  record BecameReady(ObjectNode patch) implements ObjectEvent {
    @Override
    public <R> R match(Cases<R> cases) {
      return cases.becameReady(this);
    }
  }

  /** The pod's Ready condition ceased to be True. */
  record BecameUnready(ObjectNode patch) implements ObjectEvent {
    @Override
    public <R> R match(Cases<R> cases) {
      return cases.becameUnready(this);
    }
  }

  /** All containers of a pod have ended for good: phase Succeeded or Failed. */
  record Finished(ObjectNode patch) implements ObjectEvent {
    @Override
    public <R> R match(Cases<R> cases) {
      return cases.finished(this);
    }
  }
}
