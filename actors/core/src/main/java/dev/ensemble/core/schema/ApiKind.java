package dev.ensemble.core.schema;

/** A kind in one version: upstream's GroupVersionKind. The core group is empty. */
public record ApiKind(String group, String version, String kind) {

  /** Takes {@code v1} or {@code apps/v1}. */
  public static ApiKind of(String apiVersion, String kind) {
    int slash = apiVersion.indexOf('/');
    return slash < 0
        ? new ApiKind("", apiVersion, kind)
        : new ApiKind(apiVersion.substring(0, slash), apiVersion.substring(slash + 1), kind);
  }

  /** {@code v1} or {@code apps/v1}. */
  public String apiVersion() {
    return group.isEmpty() ? version : group + "/" + version;
  }
}
