package dev.ensemble.http.request;

import dev.ensemble.core.object.ResourceName;
import java.util.List;

/**
 * What a path and a method mean (apiserver's request.RequestInfo).
 *
 * @param resourceRequest whether the path names a resource; otherwise only {@code path} and {@code
 *     verb} (the lower-case method) count
 * @param verb get, list, watch, create, update, patch, delete, deletecollection
 * @param version empty for paths that name no version
 * @param namespace empty for cluster-wide resources and requests over all namespaces
 * @param name empty for collections
 * @param rest path segments after the subresource
 */
public record RequestInfo(
    boolean resourceRequest,
    String path,
    String verb,
    String group,
    String version,
    String namespace,
    String resource,
    String name,
    String subresource,
    List<String> rest) {
  public RequestInfo {
    rest = List.copyOf(rest);
  }

  static RequestInfo ofPath(String path, String method) {
    return new RequestInfo(
        false, path, method.toLowerCase(java.util.Locale.ROOT), "", "", "", "", "", "", List.of());
  }

  public String apiVersion() {
    return group.isEmpty() ? version : group + "/" + version;
  }

  public ResourceName resourceName() {
    return new ResourceName(group, resource);
  }

  /** Whether the request changes something: the other limit on requests in flight counts it. */
  public boolean mutating() {
    return switch (verb) {
      case "create", "update", "patch", "delete", "deletecollection", "post", "put" -> true;
      default -> false;
    };
  }
}
