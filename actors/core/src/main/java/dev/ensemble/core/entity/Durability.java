package dev.ensemble.core.entity;

import dev.ensemble.core.object.ObjectKey;
import dev.ensemble.core.object.ResourceName;

/** Whether changes of an object are journaled. */
public enum Durability {
  JOURNALED,
  /** Held in views only and gone with the process: heartbeats say nothing about the past. */
  IN_MEMORY;

  /** Whether some object of that resource in that namespace (empty: in any) is in memory only. */
  public static boolean someInMemory(ResourceName resource, String namespace) {
    return of(new ObjectKey(resource, namespace.isEmpty() ? "kube-node-lease" : namespace, "any"))
        == IN_MEMORY;
  }

  /** Node leases are heartbeats; everything else is journaled. */
  public static Durability of(ObjectKey key) {
    return key.namespace().equals("kube-node-lease")
            && key.resource().plural().equals("leases")
            && key.resource().group().equals("coordination.k8s.io")
        ? IN_MEMORY
        : JOURNALED;
  }
}
