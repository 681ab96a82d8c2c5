package dev.ensemble.core.validation;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ensemble.core.defaults.Defaults;
import dev.ensemble.core.object.ResourceName;

/** One valid and defaulted object of each kind, for tests to spoil. */
public final class Valid {
  private static final String TEMPLATE =
      "'template':{'metadata':{'labels':{'app':'web'}},'spec':{'containers':["
          + "{'name':'web','image':'nginx:1'}]}}";

  private Valid() {}

  public static ObjectNode pod() {
    return defaulted(
        "pods",
        "{'apiVersion':'v1','kind':'Pod','metadata':{'name':'web','namespace':'default'},"
            + "'spec':{'containers':[{'name':'web','image':'nginx:1'}]}}");
  }

  public static ObjectNode deployment() {
    return workload("deployments.apps", "Deployment");
  }

  public static ObjectNode replicaSet() {
    return workload("replicasets.apps", "ReplicaSet");
  }

  private static ObjectNode workload(String resource, String kind) {
    return defaulted(
        resource,
        "{'apiVersion':'apps/v1','kind':'"
            + kind
            + "','metadata':{'name':'web','namespace':'default'},"
            + "'spec':{'selector':{'matchLabels':{'app':'web'}},"
            + TEMPLATE
            + "}}");
  }

  public static ObjectNode service() {
    return defaulted(
        "services",
        "{'apiVersion':'v1','kind':'Service','metadata':{'name':'web','namespace':'default'},"
            + "'spec':{'selector':{'app':'web'},'ports':[{'port':80}],"
            + "'clusterIP':'10.0.0.1','clusterIPs':['10.0.0.1'],'ipFamilies':['IPv4'],"
            + "'ipFamilyPolicy':'SingleStack'}}");
  }

  public static ObjectNode of(String resource) {
    String meta = "'metadata':{'name':'one','namespace':'default'}";
    return switch (resource) {
      case "pods" -> pod();
      case "services" -> service();
      case "deployments.apps" -> deployment();
      case "replicasets.apps" -> replicaSet();
      case "namespaces" -> defaulted(resource, "{'kind':'Namespace','metadata':{'name':'one'}}");
      case "nodes" -> defaulted(resource, "{'kind':'Node','metadata':{'name':'one'}}");
      case "secrets" -> defaulted(resource, "{'kind':'Secret'," + meta + "}");
      case "endpointslices.discovery.k8s.io" ->
          defaulted(resource, "{" + meta + ",'addressType':'IPv4','endpoints':[]}");
      case "events" ->
          defaulted(resource, "{" + meta + ",'involvedObject':{'namespace':'default'}}");
      case "events.events.k8s.io" ->
          defaulted(
              resource,
              "{"
                  + meta
                  + ",'regarding':{'namespace':'default'},'eventTime':'2026-01-01T00:00:00.000000Z',"
                  + "'type':'Normal','reportingController':'a.b/c','reportingInstance':'i',"
                  + "'action':'Did','reason':'Done'}");
      default -> defaulted(resource, "{" + meta + "}");
    };
  }

  static ObjectNode defaulted(String resource, String json) {
    ObjectNode object = Objects.json(json);
    Defaults.of(ResourceName.parse(resource)).apply(object);
    return object;
  }
}
