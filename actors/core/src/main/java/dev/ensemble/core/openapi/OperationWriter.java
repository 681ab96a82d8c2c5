package dev.ensemble.core.openapi;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ensemble.core.schema.ApiKind;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Writes the operations of one path. */
final class OperationWriter {
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
  private static final String JSON = "application/json";
  private static final List<String> PATCHES =
      List.of(
          "application/apply-patch+yaml",
          "application/json-patch+json",
          "application/merge-patch+json",
          "application/strategic-merge-patch+json");
  private static final List<String> BODIES = List.of("*/*");

  /** Query parameters by the action they belong to, with their types. */
  private static final Map<String, List<String>> PARAMETERS =
      Map.of(
          "get", List.of(),
          "list",
              List.of(
                  "allowWatchBookmarks:boolean",
                  "continue:string",
                  "fieldSelector:string",
                  "labelSelector:string",
                  "limit:integer",
                  "resourceVersion:string",
                  "resourceVersionMatch:string",
                  "sendInitialEvents:boolean",
                  "timeoutSeconds:integer",
                  "watch:boolean"),
          "post", List.of("dryRun:string", "fieldManager:string", "fieldValidation:string"),
          "put", List.of("dryRun:string", "fieldManager:string", "fieldValidation:string"),
          "patch",
              List.of(
                  "dryRun:string",
                  "fieldManager:string",
                  "fieldValidation:string",
                  "force:boolean"),
          "delete",
              List.of(
                  "dryRun:string",
                  "gracePeriodSeconds:integer",
                  "orphanDependents:boolean",
                  "propagationPolicy:string"),
          "deletecollection",
              List.of(
                  "continue:string",
                  "dryRun:string",
                  "fieldSelector:string",
                  "gracePeriodSeconds:integer",
                  "labelSelector:string",
                  "limit:integer",
                  "orphanDependents:boolean",
                  "propagationPolicy:string"),
          "connect", List.of());

  /** Actions that read no body. */
  private static final Set<String> BODYLESS = Set.of("get", "list", "connect");

  private final Dialect dialect;

  OperationWriter(Dialect dialect) {
    this.dialect = dialect;
  }

  /**
   * What an operation takes and gives.
   *
   * @param action such as {@code list} ({@code x-kubernetes-action})
   * @param kind of the objects that it is about
   * @param body a reference to the schema of its body, if it takes one
   * @param answer a reference to the schema of what it answers
   */
  record Operation(
      String action, ApiKind kind, String id, Optional<ObjectNode> body, ObjectNode answer) {}

  ObjectNode write(Operation operation) {
    ObjectNode node = NODES.objectNode();
    node.putArray("tags").add(tag(operation.kind()));
    node.put("operationId", operation.id());
    ArrayNode parameters = NODES.arrayNode();
    for (String parameter : PARAMETERS.get(operation.action())) {
      int colon = parameter.indexOf(':');
      parameters.add(
          parameter(parameter.substring(0, colon), "query", parameter.substring(colon + 1)));
    }
    if (!BODYLESS.contains(operation.action())) {
      operation.body().ifPresent(body -> body(node, parameters, operation.action(), body));
    }
    if (!parameters.isEmpty()) {
      node.set("parameters", parameters);
    }
    if (dialect == Dialect.V2) {
      node.putArray("produces").add(JSON);
      ObjectNode ok = node.putObject("responses").putObject("200").put("description", "OK");
      ok.set("schema", operation.answer());
    } else {
      ObjectNode ok = node.putObject("responses").putObject("200").put("description", "OK");
      ok.putObject("content").putObject(JSON).set("schema", operation.answer());
    }
    node.put("x-kubernetes-action", operation.action());
    node.set("x-kubernetes-group-version-kind", SchemaWriter.kind(operation.kind()));
    return node;
  }

  private void body(ObjectNode node, ArrayNode parameters, String action, ObjectNode body) {
    List<String> types = action.equals("patch") ? PATCHES : BODIES;
    boolean required = !action.startsWith("delete");
    if (dialect == Dialect.V2) {
      types.forEach(node.putArray("consumes")::add);
      ObjectNode parameter = NODES.objectNode().put("name", "body").put("in", "body");
      if (required) {
        parameter.put("required", true);
      }
      parameter.set("schema", body);
      parameters.add(parameter);
      return;
    }
    ObjectNode request = node.putObject("requestBody");
    ObjectNode content = request.putObject("content");
    types.forEach(type -> content.putObject(type).set("schema", body.deepCopy()));
    if (required) {
      request.put("required", true);
    }
  }

  /** A parameter in the query or, always required, in the path. */
  ObjectNode parameter(String name, String in, String type) {
    ObjectNode node = NODES.objectNode().put("name", name).put("in", in);
    if (in.equals("path")) {
      node.put("required", true);
    }
    if (dialect == Dialect.V2) {
      return node.put("type", type).put("uniqueItems", true);
    }
    node.putObject("schema").put("type", type).put("uniqueItems", true);
    return node;
  }

  /** {@code appsV1} and the like: groups are named by their first part. */
  static String tag(ApiKind kind) {
    return family(kind) + "_" + kind.version();
  }

  static String camel(ApiKind kind) {
    return capital(family(kind)) + capital(kind.version());
  }

  private static String family(ApiKind kind) {
    String group = kind.group().isEmpty() ? "core" : kind.group();
    int dot = group.indexOf('.');
    return dot < 0 ? group : group.substring(0, dot);
  }

  static String capital(String word) {
    return word.isEmpty()
        ? word
        : word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1);
  }
}
