package dev.ensemble.http.read;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ensemble.actors.view.StoredObject;
import dev.ensemble.actors.view.View;
import dev.ensemble.core.object.ObjectKey;
import dev.ensemble.core.object.ResourceName;
import dev.ensemble.core.resource.Face;
import dev.ensemble.core.resource.ResourceType;
import dev.ensemble.http.server.Json;
import java.util.Optional;

/**
 * The resource a request is about: the type in the version that was asked for and how that relates
 * to what is stored.
 *
 * @param stored the type as it is stored; the same as {@code served} when there is no face
 */
public record Target(ResourceType served, ResourceType stored, Optional<Face> face, View view) {

  /** The resource that owns the entities. */
  public ResourceName storedName() {
    return stored.name();
  }

  /** The resource as the client named it, for messages. */
  public ResourceName name() {
    return served.name();
  }

  public ObjectKey key(String namespace, String name) {
    return new ObjectKey(stored.name(), namespace, name);
  }

  /** The stored bytes in the served version. */
  public byte[] servedBytes(StoredObject object) {
    return face.isEmpty() ? object.json() : Json.bytes(face.get().toServed(object.tree()));
  }

  /** The object as a tree in the served version, the caller's own. */
  public ObjectNode servedTree(StoredObject object) {
    return face.isEmpty() ? object.tree() : face.get().toServed(object.tree());
  }
}
