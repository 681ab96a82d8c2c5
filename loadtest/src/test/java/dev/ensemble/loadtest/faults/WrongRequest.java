package dev.ensemble.loadtest.faults;

import java.util.stream.Stream;

/**
 * A request that must be refused.
 *
 * @param name what is wrong
 * @param says a part of the message
 */
record WrongRequest(
    String name,
    String method,
    String path,
    String type,
    String body,
    int status,
    String reason,
    String says) {
  private static final String CONFIG_MAPS = "/api/v1/namespaces/default/configmaps";
  private static final String PODS = "/api/v1/namespaces/default/pods";
  private static final String DEPLOYMENTS = "/apis/apps/v1/namespaces/default/deployments";
  private static final String SERVICES = "/api/v1/namespaces/default/services";
  private static final String JSON = "application/json";
  private static final String YAML = "application/yaml";
  private static final String SOME = CONFIG_MAPS + "/some";

  @Override
  public String toString() {
    return name;
  }

  private static WrongRequest post(
      String name, String path, String body, int status, String reason, String says) {
    return new WrongRequest(name, "POST", path, JSON, body, status, reason, says);
  }

  private static WrongRequest put(
      String name, String path, String body, int status, String reason, String says) {
    return new WrongRequest(name, "PUT", path, JSON, body, status, reason, says);
  }

  static Stream<WrongRequest> all() {
    return Stream.of(bodies(), fields(), metadata(), specs(), creations(), changes())
        .flatMap(each -> each);
  }

  private static Stream<WrongRequest> bodies() {
    String big = "x".repeat(4 << 20);
    return Stream.of(
        post(
            "a body above the limit",
            CONFIG_MAPS,
            map("big", big),
            413,
            "RequestEntityTooLarge",
            ""),
        post("no body", CONFIG_MAPS, "", 400, "BadRequest", ""),
        post("JSON that ends early", CONFIG_MAPS, "{\"metadata\":", 400, "BadRequest", ""),
        post("no object", CONFIG_MAPS, "[1, 2]", 400, "BadRequest", ""),
        post("nested too deep", CONFIG_MAPS, "[".repeat(200_000), 400, "BadRequest", ""),
        new WrongRequest(
            "YAML that is none", "POST", CONFIG_MAPS, YAML, "a: [1", 400, "BadRequest", ""),
        new WrongRequest(
            "YAML with a bomb of aliases",
            "POST",
            CONFIG_MAPS,
            YAML,
            bomb(),
            400,
            "BadRequest",
            ""),
        new WrongRequest(
            "a type of body that nobody reads",
            "POST",
            CONFIG_MAPS,
            "text/plain",
            map("a", "1"),
            415,
            "UnsupportedMediaType",
            ""),
        post(
            "another kind",
            CONFIG_MAPS,
            "{\"apiVersion\":\"v1\",\"kind\":\"Secret\",\"metadata\":{\"name\":\"a\"}}",
            400,
            "BadRequest",
            "ConfigMap"));
  }

  private static Stream<WrongRequest> fields() {
    String unknown = "{\"metadata\":{\"name\":\"a\"},\"dota\":{\"a\":\"1\"}}";
    String twice = "{\"metadata\":{\"name\":\"a\"},\"data\":{},\"data\":{\"a\":\"1\"}}";
    return Stream.of(
        post(
            "an unknown field, strictly",
            CONFIG_MAPS + "?fieldValidation=Strict",
            unknown,
            400,
            "BadRequest",
            "unknown field \"dota\""),
        post(
            "a field given twice, strictly",
            CONFIG_MAPS + "?fieldValidation=Strict",
            twice,
            400,
            "BadRequest",
            "duplicate field \"data\""),
        post(
            "a number for a text",
            CONFIG_MAPS,
            "{\"metadata\":{\"name\":\"a\"},\"data\":{\"a\":1}}",
            400,
            "BadRequest",
            ""),
        post(
            "a text for a number",
            DEPLOYMENTS,
            deployment("a").replace("\"replicas\":1", "\"replicas\":\"one\""),
            400,
            "BadRequest",
            ""));
  }

  private static Stream<WrongRequest> metadata() {
    return Stream.of(
        post(
            "a name in capitals",
            CONFIG_MAPS,
            map("Capitals", "1"),
            422,
            "Invalid",
            "metadata.name"),
        post(
            "a long name", CONFIG_MAPS, map("a".repeat(254), "1"), 422, "Invalid", "metadata.name"),
        post("no name", CONFIG_MAPS, "{\"data\":{}}", 422, "Invalid", "name or generateName"),
        post(
            "a label that is none",
            CONFIG_MAPS,
            "{\"metadata\":{\"name\":\"a\",\"labels\":{\"a b\":\"c\"}}}",
            422,
            "Invalid",
            "metadata.labels"),
        post(
            "a key that is none",
            CONFIG_MAPS,
            "{\"metadata\":{\"name\":\"a\"},\"data\":{\"a/b\":\"c\"}}",
            422,
            "Invalid",
            "data"),
        post(
            "more data than an object may have",
            CONFIG_MAPS,
            map("a", "x".repeat(1_100_000)),
            422,
            "Invalid",
            ""));
  }

  private static Stream<WrongRequest> specs() {
    return Stream.of(
        post(
            "less than no replicas",
            DEPLOYMENTS,
            deployment("a").replace("\"replicas\":1", "\"replicas\":-1"),
            422,
            "Invalid",
            "spec.replicas"),
        post(
            "a selector that misses its template",
            DEPLOYMENTS,
            deployment("a").replace("\"labels\":{\"app\":\"a\"}", "\"labels\":{\"app\":\"b\"}"),
            422,
            "Invalid",
            "spec.template.metadata.labels"),
        post(
            "a quantity that is none",
            PODS,
            pod("\"resources\":{\"requests\":{\"cpu\":\"much\"}}"),
            400,
            "BadRequest",
            "quantit"),
        post(
            "a negative quantity",
            PODS,
            pod("\"resources\":{\"requests\":{\"cpu\":\"-1\"}}"),
            422,
            "Invalid",
            "resources.requests"),
        post(
            "more requested than the limit",
            PODS,
            pod("\"resources\":{\"requests\":{\"cpu\":\"2\"},\"limits\":{\"cpu\":\"1\"}}"),
            422,
            "Invalid",
            "less than or equal to cpu limit"),
        post(
            "a port out of range",
            PODS,
            pod("\"ports\":[{\"containerPort\":70000}]"),
            422,
            "Invalid",
            "containerPort"),
        post(
            "a pod without containers",
            PODS,
            "{\"metadata\":{\"name\":\"a\"},\"spec\":{}}",
            422,
            "Invalid",
            "spec.containers"),
        post(
            "a service without ports",
            SERVICES,
            "{\"metadata\":{\"name\":\"a\"},\"spec\":{}}",
            422,
            "Invalid",
            "spec.ports"));
  }

  private static Stream<WrongRequest> creations() {
    return Stream.of(
        post(
            "a name that is taken",
            CONFIG_MAPS,
            map("some", "2"),
            409,
            "AlreadyExists",
            "\"some\""),
        post(
            "a resourceVersion at creation",
            CONFIG_MAPS,
            "{\"metadata\":{\"name\":\"a\",\"resourceVersion\":\"7\"}}",
            400,
            "BadRequest",
            "resourceVersion"),
        post(
            "another namespace than the path's",
            CONFIG_MAPS,
            "{\"metadata\":{\"name\":\"a\",\"namespace\":\"kube-system\"}}",
            400,
            "BadRequest",
            "namespace"),
        post(
            "a namespace that is not there",
            "/api/v1/namespaces/nowhere/configmaps",
            map("a", "1"),
            404,
            "NotFound",
            "nowhere"));
  }

  private static Stream<WrongRequest> changes() {
    return Stream.of(
        put(
            "an old resourceVersion",
            SOME,
            "{\"metadata\":{\"name\":\"some\",\"resourceVersion\":\"1\"}}",
            409,
            "Conflict",
            ""),
        put("another name than the path's", SOME, map("other", "1"), 400, "BadRequest", "name"),
        put(
            "a change of what is immutable",
            CONFIG_MAPS + "/fixed",
            "{\"metadata\":{\"name\":\"fixed\"},\"immutable\":true,\"data\":{\"a\":\"2\"}}",
            422,
            "Invalid",
            "immutable"),
        put(
            "an update of what is not there",
            CONFIG_MAPS + "/absent",
            map("absent", "1"),
            404,
            "NotFound",
            "absent"),
        new WrongRequest(
            "a JSON patch whose test fails",
            "PATCH",
            SOME,
            "application/json-patch+json",
            "[{\"op\":\"test\",\"path\":\"/data/a\",\"value\":\"9\"},{\"op\":\"remove\",\"path\":\"/data/a\"}]",
            422,
            "Invalid",
            ""),
        new WrongRequest(
            "a patch of no known type", "PATCH", SOME, JSON, "{}", 415, "UnsupportedMediaType", ""),
        new WrongRequest(
            "a patch that is no JSON",
            "PATCH",
            SOME,
            "application/merge-patch+json",
            "{",
            400,
            "BadRequest",
            ""),
        new WrongRequest(
            "a deletion with another uid",
            "DELETE",
            SOME,
            JSON,
            "{\"preconditions\":{\"uid\":\"1-2-3\"}}",
            409,
            "Conflict",
            ""));
  }

  private static String map(String name, String value) {
    return "{\"metadata\":{\"name\":\"%s\"},\"data\":{\"a\":\"%s\"}}".formatted(name, value);
  }

  private static String pod(String more) {
    return "{\"metadata\":{\"name\":\"a\"},\"spec\":{\"containers\":[{\"name\":\"c\",\"image\":\"i\",%s}]}}"
        .formatted(more);
  }

  private static String deployment(String name) {
    return """
    {"metadata":{"name":"%1$s"},"spec":{"replicas":1,"selector":{"matchLabels":{"app":"%1$s"}},
     "template":{"metadata":{"labels":{"app":"%1$s"}},
      "spec":{"containers":[{"name":"c","image":"i"}]}}}}
    """
        .formatted(name);
  }

  /** Each level is nine times the one before. */
  private static String bomb() {
    StringBuilder yaml = new StringBuilder("a0: &a0 [x,x,x,x,x,x,x,x,x]\n");
    for (int i = 1; i < 9; i++) {
      yaml.append("a%d: &a%d [".formatted(i, i));
      yaml.append(("*a" + (i - 1) + ",").repeat(8)).append("*a" + (i - 1) + "]\n");
    }
    return yaml.toString();
  }
}
