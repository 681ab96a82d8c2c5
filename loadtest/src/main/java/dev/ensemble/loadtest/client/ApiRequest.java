package dev.ensemble.loadtest.client;

/**
 * One request with a JSON body or none.
 *
 * @param path with query
 * @param contentType of the body; empty without one
 */
public record ApiRequest(String method, String path, String contentType, String body) {
  public static ApiRequest get(String path) {
    return new ApiRequest("GET", path, "", "");
  }

  public static ApiRequest delete(String path) {
    return new ApiRequest("DELETE", path, "", "");
  }

  public static ApiRequest post(String path, String json) {
    return new ApiRequest("POST", path, "application/json", json);
  }

  public static ApiRequest mergePatch(String path, String json) {
    return new ApiRequest("PATCH", path, "application/merge-patch+json", json);
  }

  /** Makes a namespace. */
  public static ApiRequest namespace(String name) {
    return post(
        "/api/v1/namespaces",
        "{\"apiVersion\":\"v1\",\"kind\":\"Namespace\",\"metadata\":{\"name\":\"%s\"}}"
            .formatted(name));
  }
}
