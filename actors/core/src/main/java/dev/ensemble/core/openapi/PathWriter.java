package dev.ensemble.core.openapi;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ensemble.core.resource.ResourceType;
import dev.ensemble.core.resource.ResourceTypes;
import dev.ensemble.core.resource.Subresource;
import dev.ensemble.core.resource.VirtualResource;
import dev.ensemble.core.schema.ApiKind;
import dev.ensemble.core.schema.Definitions;
import dev.ensemble.core.schema.Schema;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Writes the paths of a group version, and through the writer of schemas what they refer to. */
final class PathWriter {
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
  private static final String META = "io.k8s.apimachinery.pkg.apis.meta.v1.";
  private static final Map<String, String> METHODS =
      Map.of("get", "get", "update", "put", "patch", "patch", "create", "post");

  private final ResourceTypes types;
  private final Definitions definitions;
  private final SchemaWriter schemas;
  private final OperationWriter operations;
  private final Map<String, ObjectNode> paths = new TreeMap<>();

  PathWriter(ResourceTypes types, Definitions definitions, SchemaWriter schemas, Dialect dialect) {
    this.types = types;
    this.definitions = definitions;
    this.schemas = schemas;
    this.operations = new OperationWriter(dialect);
  }

  /** Writes all paths of {@code v1} or {@code apps/v1}. */
  void write(String apiVersion) {
    for (VirtualResource virtual : types.virtual()) {
      if (virtual.kind().apiVersion().equals(apiVersion)) {
        virtual(virtual);
      }
    }
    for (ResourceType type : types.all()) {
      if (type.apiVersion().equals(apiVersion)) {
        stored(type);
      }
    }
  }

  ObjectNode paths() {
    ObjectNode all = NODES.objectNode();
    paths.forEach(all::set);
    return all;
  }

  static String root(String apiVersion) {
    return apiVersion.contains("/") ? "/apis/" + apiVersion : "/api/" + apiVersion;
  }

  private static String collection(String apiVersion, ResourceType.Scope scope, String plural) {
    return root(apiVersion)
        + (scope == ResourceType.Scope.NAMESPACED ? "/namespaces/{namespace}/" : "/")
        + plural;
  }

  private void virtual(VirtualResource virtual) {
    ObjectNode schema = schemas.ref(virtual.schema());
    String path = collection(virtual.kind().apiVersion(), virtual.scope(), virtual.plural());
    String id = scoped(virtual.scope()) + virtual.kind().kind();
    put(
        path,
        "post",
        "post",
        virtual.kind(),
        "create" + OperationWriter.camel(virtual.kind()) + id,
        Optional.of(schema),
        schema);
  }

  private void stored(ResourceType type) {
    ApiKind kind = new ApiKind(type.group(), type.version(), type.kind());
    Schema.Struct schema = type.schema();
    ObjectNode one = schemas.ref(schema);
    ObjectNode list = list(type, kind);
    ObjectNode status = meta("Status");
    Optional<ObjectNode> deletion = Optional.of(meta("DeleteOptions"));
    Optional<ObjectNode> body = Optional.of(one);
    String all = collection(type.apiVersion(), type.scope(), type.plural());
    String camel = OperationWriter.camel(kind);
    String id = scoped(type.scope()) + type.kind();

    put(all, "get", "list", kind, "list" + camel + id, Optional.empty(), list);
    put(all, "post", "post", kind, "create" + camel + id, body, one);
    if (type.verbs().contains("deletecollection")) {
      put(
          all,
          "delete",
          "deletecollection",
          kind,
          "delete" + camel + "Collection" + id,
          deletion,
          status);
    }
    String single = all + "/{name}";
    put(single, "get", "get", kind, "read" + camel + id, Optional.empty(), one);
    put(single, "put", "put", kind, "replace" + camel + id, body, one);
    put(single, "patch", "patch", kind, "patch" + camel + id, Optional.of(patch()), one);
    put(single, "delete", "delete", kind, "delete" + camel + id, deletion, status);
    if (type.namespaced()) {
      put(
          root(type.apiVersion()) + "/" + type.plural(),
          "get",
          "list",
          kind,
          "list" + camel + type.kind() + "ForAllNamespaces",
          Optional.empty(),
          list);
    }
    type.subresources().stream()
        .sorted()
        .flatMap(name -> types.subresource(type, name).stream())
        .forEach(subresource -> subresource(single, camel + id, subresource));
  }

  private void subresource(String single, String id, Subresource subresource) {
    String path = single + "/" + subresource.name();
    String suffix = id + OperationWriter.capital(subresource.name());
    Optional<Schema.Struct> known = definitions.byKind(subresource.kind());
    ObjectNode schema =
        known.map(schemas::ref).orElseGet(() -> NODES.objectNode().put("type", "string"));
    for (String verb : subresource.verbs()) {
      String method = METHODS.getOrDefault(verb, verb);
      String action = known.isPresent() ? method : "connect";
      Optional<ObjectNode> body =
          method.equals("patch") ? Optional.of(patch()) : known.map(struct -> schema);
      String prefix =
          action.equals("connect")
              ? "connect" + OperationWriter.capital(method)
              : Map.of("get", "read", "put", "replace", "post", "create")
                  .getOrDefault(method, method);
      put(path, method, action, subresource.kind(), prefix + suffix, body, schema);
    }
  }

  private void put(
      String path,
      String method,
      String action,
      ApiKind kind,
      String id,
      Optional<ObjectNode> body,
      ObjectNode answer) {
    ObjectNode item = paths.computeIfAbsent(path, this::item);
    item.set(
        method,
        operations.write(
            new OperationWriter.Operation(
                action, kind, id, body.map(ObjectNode::deepCopy), answer.deepCopy())));
  }

  private ObjectNode item(String path) {
    ObjectNode item = NODES.objectNode();
    ArrayNode parameters = NODES.arrayNode();
    for (String name : new String[] {"name", "namespace"}) {
      if (path.contains("{" + name + "}")) {
        parameters.add(operations.parameter(name, "path", "string"));
      }
    }
    parameters.add(operations.parameter("pretty", "query", "string"));
    item.set("parameters", parameters);
    return item;
  }

  private ObjectNode list(ResourceType type, ApiKind kind) {
    String name = type.schema().name() + "List";
    return schemas.ref(
        name,
        () -> {
          ObjectNode node = NODES.objectNode().put("type", "object");
          ObjectNode properties = node.putObject("properties");
          properties.putObject("apiVersion").put("type", "string");
          ObjectNode items = properties.putObject("items").put("type", "array");
          items.set("items", schemas.ref(type.schema()));
          properties.putObject("kind").put("type", "string");
          properties.set("metadata", meta("ListMeta"));
          node.putArray("required").add("items");
          node.putArray("x-kubernetes-group-version-kind")
              .add(
                  SchemaWriter.kind(
                      new ApiKind(kind.group(), kind.version(), kind.kind() + "List")));
          return node;
        });
  }

  private ObjectNode meta(String name) {
    return schemas.ref(definitions.get(META + name));
  }

  private ObjectNode patch() {
    return schemas.ref(META + "Patch", () -> NODES.objectNode().put("type", "object"));
  }

  private static String scoped(ResourceType.Scope scope) {
    return scope == ResourceType.Scope.NAMESPACED ? "Namespaced" : "";
  }
}
