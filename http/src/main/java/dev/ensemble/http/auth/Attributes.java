package dev.ensemble.http.auth;

import dev.ensemble.core.object.ResourceName;
import dev.ensemble.http.request.RequestInfo;

/**
 * What is to be allowed or not (authorizer.Attributes). For requests of no resource only {@code
 * verb} and {@code path} are filled.
 *
 * @param fieldSelector of a list, watch or deletecollection; empty when there is none
 */
public record Attributes(
    String verb,
    String group,
    String version,
    String resource,
    String subresource,
    String namespace,
    String name,
    String path,
    String fieldSelector) {

  public static Attributes of(RequestInfo info, String fieldSelector) {
    return new Attributes(
        info.verb(),
        info.group(),
        info.version(),
        info.resource(),
        info.subresource(),
        // Access to a namespace is access in it, as upstream counts.
        info.resource().equals("namespaces") && info.group().isEmpty()
            ? info.name()
            : info.namespace(),
        info.name(),
        info.resourceRequest() ? "" : info.path(),
        fieldSelector);
  }

  public static Attributes ofPath(String verb, String path) {
    return new Attributes(verb, "", "", "", "", "", "", path, "");
  }

  public boolean resourceRequest() {
    return path.isEmpty();
  }

  public ResourceName resourceName() {
    return new ResourceName(group, resource);
  }

  /** {@code pods} or {@code pods/status}. */
  public String qualifiedResource() {
    return subresource.isEmpty() ? resource : resource + "/" + subresource;
  }
}
