package dev.ensemble.http.request;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Reads {@code /api/VERSION/…} and {@code /apis/GROUP/VERSION/…} (RequestInfoFactory). */
public final class RequestPaths {
  /** Below a namespace's name these are subresources of the namespace itself. */
  private static final Set<String> NAMESPACE_SUBRESOURCES = Set.of("status", "finalize");

  /** Files of single containers are posted here. */
  public static final String CONTAINERS = "/ensemble/v1/containers";

  /** {@code /ensemble/v1/namespaces/NAMESPACE/pods/POD/why-not/NODE}. */
  public static final String NAMESPACES = "/ensemble/v1/namespaces/";

  private static final String WHY_NOT = "why-not";

  private RequestPaths() {}

  public static RequestInfo parse(String method, String path, Query query) {
    if (path.equals(CONTAINERS) && method.equals("POST")) {
      // What comes of it is a pod: it is authorized and counted as the creation of one.
      return new RequestInfo(true, path, "create", "", "v1", "default", "pods", "", "", List.of());
    }
    List<String> parts = split(path);
    boolean ofPod = path.startsWith(NAMESPACES) && parts.size() == 8 && parts.get(4).equals("pods");
    if (ofPod && parts.get(6).equals(WHY_NOT)) {
      // Whoever may see the pod may see how the scheduler looks at it.
      String verb = method.equals("GET") ? "get" : method.toLowerCase(Locale.ROOT);
      List<String> node = List.of(parts.get(7));
      return new RequestInfo(
          true, path, verb, "", "v1", parts.get(3), "pods", parts.get(5), "", node);
    }
    if (parts.size() < 3 || !isApiPrefix(parts.get(0))) {
      return RequestInfo.ofPath(path, method);
    }
    boolean core = parts.get(0).equals("api");
    if (!core && parts.size() < 4) {
      return RequestInfo.ofPath(path, method);
    }
    String group = core ? "" : parts.get(1);
    String version = parts.get(core ? 1 : 2);
    List<String> rest = parts.subList(core ? 2 : 3, parts.size());
    boolean watchPrefix = rest.get(0).equals("watch") && rest.size() > 1;
    if (watchPrefix) {
      rest = rest.subList(1, rest.size());
    }
    String namespace = "";
    if (rest.get(0).equals("namespaces")) {
      if (rest.size() > 1) {
        namespace = rest.get(1);
      }
      if (rest.size() > 2 && !NAMESPACE_SUBRESOURCES.contains(rest.get(2))) {
        rest = rest.subList(2, rest.size());
      }
    }
    String resource = rest.get(0);
    String name = rest.size() > 1 ? rest.get(1) : "";
    String subresource = rest.size() > 2 ? rest.get(2) : "";
    List<String> tail = rest.size() > 3 ? rest.subList(3, rest.size()) : List.of();
    if (group.isEmpty() && resource.equals("namespaces")) {
      // A namespace is in no namespace, though the path reads like it.
      namespace = "";
    }
    String verb = verb(method, name, watchPrefix, query);
    if (name.isEmpty() && (verb.equals("list") || verb.equals("watch"))) {
      // A selection of one name is authorized like the object itself.
      name = selectedName(query);
    }
    return new RequestInfo(
        true, path, verb, group, version, namespace, resource, name, subresource, tail);
  }

  private static boolean isApiPrefix(String part) {
    return part.equals("api") || part.equals("apis");
  }

  private static String verb(String method, String name, boolean watchPrefix, Query query) {
    return switch (method) {
      case "POST" -> "create";
      case "PUT" -> "update";
      case "PATCH" -> "patch";
      case "DELETE" -> name.isEmpty() ? "deletecollection" : "delete";
      case "GET", "HEAD" -> {
        if (watchPrefix || (name.isEmpty() && query.isTrue("watch"))) {
          yield "watch";
        }
        yield name.isEmpty() ? "list" : "get";
      }
      default -> "";
    };
  }

  private static String selectedName(Query query) {
    String selector = query.get("fieldSelector");
    if (selector.startsWith("metadata.name=") && selector.indexOf(',') < 0) {
      String name = selector.substring("metadata.name=".length());
      return name.startsWith("=") ? name.substring(1) : name;
    }
    return "";
  }

  private static List<String> split(String path) {
    List<String> parts = new ArrayList<>(8);
    int start = 0;
    for (int i = 0; i <= path.length(); i++) {
      if (i == path.length() || path.charAt(i) == '/') {
        if (i > start) {
          parts.add(path.substring(start, i));
        }
        start = i + 1;
      }
    }
    return parts;
  }
}
