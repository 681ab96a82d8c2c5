package dev.ensemble.actors.node;

import akka.actor.typed.ActorRef;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ensemble.actors.view.StoredObject;
import dev.ensemble.core.node.PodReferences;
import dev.ensemble.core.object.ObjectKey;
import dev.ensemble.core.object.ResourceName;
import dev.ensemble.protocol.ToAgent;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What one session's agent has been told: its pods, and the ConfigMaps and Secrets that it follows
 * because these pods name them.
 */
final class DesiredPods {
  private static final Logger LOG = LoggerFactory.getLogger(DesiredPods.class);
  private static final Set<String> FOLLOWED = Set.of("configmaps", "secrets");

  private final SessionParts parts;
  private final NodeSessions.Outbound outbound;
  private final ActorRef<SessionMessage> session;
  private final String node;
  private final Map<String, Known> known = new HashMap<>();

  /**
   * What the agent has asked for and not given up. It asks once for all its pods, as it sees them:
   * before the session has looked at them, after a pod was forgotten here, or for one that the next
   * pod names again.
   */
  private final Set<ObjectKey> asked = new LinkedHashSet<>();

  /** Of that, what a pod here names and is therefore told. */
  private final Set<ObjectKey> wants = new HashSet<>();

  private boolean looked;
  private long baseline;

  private record Known(long revision, ObjectKey key, Set<ObjectKey> references) {}

  DesiredPods(
      SessionParts parts,
      NodeSessions.Outbound outbound,
      ActorRef<SessionMessage> session,
      String node) {
    this.parts = parts;
    this.outbound = outbound;
    this.session = session;
    this.node = node;
  }

  boolean knows(String uid) {
    return known.containsKey(uid);
  }

  /** All pods as of a revision: tells what is new, forgets what is not there any more. */
  void all(List<StoredObject> pods, long revision) {
    Set<String> here = new HashSet<>();
    for (StoredObject pod : pods) {
      here.add(pod.uid());
      desire(pod);
    }
    for (Map.Entry<String, Known> entry : List.copyOf(known.entrySet())) {
      if (!here.contains(entry.getKey())) {
        forget(entry.getKey(), entry.getValue().key());
      }
    }
    baseline = Math.max(baseline, revision);
    looked = true;
    for (ObjectKey key : List.copyOf(asked)) {
      answer(key);
    }
  }

  /** Changes up to the baseline are part of what {@link #all} was told. */
  void changed(StoredObject pod) {
    if (pod.revision() > baseline) {
      desire(pod);
    }
  }

  void gone(StoredObject last) {
    if (known.containsKey(last.uid())) {
      forget(last.uid(), last.key());
    }
  }

  private void desire(StoredObject pod) {
    Known before = known.get(pod.uid());
    if (before != null && before.revision() >= pod.revision()) {
      return;
    }
    ObjectNode tree = pod.tree();
    Set<ObjectKey> references = PodReferences.of(tree);
    known.put(pod.uid(), new Known(pod.revision(), pod.key(), references));
    outbound.send(new ToAgent.PodDesired(tree));
    if (looked) {
      references.stream()
          .filter(key -> asked.contains(key) && !wants.contains(key))
          .forEach(this::follow);
    }
  }

  private void forget(String uid, ObjectKey key) {
    known.remove(uid);
    outbound.send(new ToAgent.PodForgotten(uid, key.namespace(), key.name()));
    for (ObjectKey want : Set.copyOf(wants)) {
      if (!isReferenced(want)) {
        drop(want);
      }
    }
  }

  void want(String resource, String namespace, String name) {
    Optional<ObjectKey> key = followed(resource, namespace, name);
    boolean room =
        asked.size() < parts.settings().wantsMax() || key.filter(asked::contains).isPresent();
    if (key.isEmpty() || !room) {
      LOG.warn("{} may not follow {} {}/{}", node, resource, namespace, name);
      outbound.send(new ToAgent.ObjectChanged(resource, namespace, name, Optional.empty()));
    } else {
      asked.add(key.get());
      if (looked) {
        answer(key.get());
      }
    }
  }

  private void answer(ObjectKey key) {
    if (isReferenced(key)) {
      // Also when it is followed already: the agent has lost what it was told.
      follow(key);
    } else {
      LOG.debug("{} may not see {} as long as no pod there names it", node, key);
    }
  }

  private void follow(ObjectKey key) {
    wants.add(key);
    parts.router().tell(new ViewRouter.Want(key, session));
  }

  void unwant(String resource, String namespace, String name) {
    Optional<ObjectKey> key = followed(resource, namespace, name);
    key.ifPresent(asked::remove);
    key.filter(wants::contains).ifPresent(this::drop);
  }

  void objectIs(ObjectKey key, Optional<StoredObject> object) {
    if (wants.contains(key)) {
      outbound.send(
          new ToAgent.ObjectChanged(
              key.resource().plural(),
              key.namespace(),
              key.name(),
              object.map(StoredObject::tree)));
    }
  }

  private void drop(ObjectKey key) {
    wants.remove(key);
    parts.router().tell(new ViewRouter.Unwant(key, session));
  }

  private boolean isReferenced(ObjectKey key) {
    return known.values().stream().anyMatch(pod -> pod.references().contains(key));
  }

  private static Optional<ObjectKey> followed(String resource, String namespace, String name) {
    if (!FOLLOWED.contains(resource)
        || name.isEmpty()
        || name.contains("/")
        || namespace.contains("/")) {
      return Optional.empty();
    }
    return Optional.of(new ObjectKey(ResourceName.parse(resource), namespace, name));
  }
}
