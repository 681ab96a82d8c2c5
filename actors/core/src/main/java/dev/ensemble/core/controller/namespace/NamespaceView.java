package dev.ensemble.core.controller.namespace;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ensemble.core.controller.ObjectFacts;
import java.util.List;
import java.util.Set;

/**
 * All that a Namespace's pass may look at.
 *
 * @param contents every object in the namespace of every namespaced resource type, when the
 *     namespace is Terminating; else the ConfigMap and ServiceAccount that it should have, when
 *     they are there
 * @param unreadable resource types whose objects could not be read just now, as upstream's
 *     discovery failures
 * @param rootCertificates the content of {@code ca.crt} in ConfigMap kube-root-ca.crt; empty when
 *     none is to be published
 * @param rootConfigMapCurrent whether that ConfigMap, when it is there, has this content
 */
public record NamespaceView(
    ObjectNode namespace,
    List<ObjectFacts> contents,
    Set<String> unreadable,
    String rootCertificates,
    boolean rootConfigMapCurrent) {
  public NamespaceView {
    contents = List.copyOf(contents);
    unreadable = Set.copyOf(unreadable);
  }
}
