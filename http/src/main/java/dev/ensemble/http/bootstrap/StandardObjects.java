package dev.ensemble.http.bootstrap;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ensemble.core.object.ObjectKey;
import java.util.List;
import java.util.Optional;

/**
 * The objects that every cluster has.
 *
 * @param authorityPem what kube-root-ca.crt carries
 * @param serviceAddress cluster IP of the Service kubernetes
 * @param serverAddress where the API server listens for pods; empty when it listens for this
 *     machine only
 */
public record StandardObjects(
    String authorityPem, String serviceAddress, Optional<String> serverAddress, int serverPort) {

  /**
   * An object to make when there is none of its name; the tree is the receiver's own.
   *
   * @param followed fields (a path each) that are set again when they differ, at each start
   */
  record Standard(ObjectKey key, ObjectNode object, List<List<String>> followed) {
    Standard(ObjectKey key, ObjectNode object) {
      this(key, object, List.of());
    }
  }

  Standard namespace(String name) {
    ObjectNode namespace = object("v1", "Namespace", "", name);
    return new Standard(ObjectKey.of("namespaces", "", name), namespace);
  }

  List<Standard> ofNamespace(String namespace) {
    ObjectNode account = object("v1", "ServiceAccount", namespace, "default");
    ObjectNode authority = object("v1", "ConfigMap", namespace, "kube-root-ca.crt");
    authority
        .withObject("/metadata")
        .putObject("annotations")
        .put(
            "kubernetes.io/description",
            "The certificate authority that signs the API server's certificate.");
    authority.putObject("data").put("ca.crt", authorityPem);
    return List.of(
        new Standard(ObjectKey.of("serviceaccounts", namespace, "default"), account),
        new Standard(ObjectKey.of("configmaps", namespace, "kube-root-ca.crt"), authority));
  }

  List<Standard> ofApiServer() {
    return List.of(service(), endpoints(), endpointSlice());
  }

  private Standard service() {
    ObjectNode service = object("v1", "Service", "default", "kubernetes");
    labels(service).put("component", "apiserver").put("provider", "kubernetes");
    ObjectNode spec = service.putObject("spec");
    spec.put("type", "ClusterIP");
    spec.put("clusterIP", serviceAddress);
    spec.putArray("clusterIPs").add(serviceAddress);
    spec.putArray("ipFamilies").add("IPv4");
    spec.put("ipFamilyPolicy", "SingleStack");
    https(spec, 443).put("targetPort", serverPort);
    return new Standard(
        ObjectKey.of("services", "default", "kubernetes"),
        service,
        List.of(List.of("spec", "ports")));
  }

  private Standard endpoints() {
    ObjectNode endpoints = object("v1", "Endpoints", "default", "kubernetes");
    labels(endpoints).put("endpointslice.kubernetes.io/skip-mirror", "true");
    serverAddress.ifPresent(
        address -> {
          ObjectNode subset = endpoints.putArray("subsets").addObject();
          subset.putArray("addresses").addObject().put("ip", address);
          https(subset, serverPort);
        });
    return new Standard(
        ObjectKey.of("endpoints", "default", "kubernetes"), endpoints, List.of(List.of("subsets")));
  }

  private Standard endpointSlice() {
    ObjectNode slice = object("discovery.k8s.io/v1", "EndpointSlice", "default", "kubernetes");
    labels(slice).put("kubernetes.io/service-name", "kubernetes");
    slice.put("addressType", "IPv4");
    ArrayNode found = slice.putArray("endpoints");
    serverAddress.ifPresent(
        address -> {
          ObjectNode endpoint = found.addObject();
          endpoint.putArray("addresses").add(address);
          endpoint.putObject("conditions").put("ready", true);
        });
    https(slice, serverPort);
    return new Standard(
        ObjectKey.of("endpointslices.discovery.k8s.io", "default", "kubernetes"),
        slice,
        List.of(List.of("endpoints"), List.of("ports")));
  }

  /** Gives an object its one port. */
  private static ObjectNode https(ObjectNode object, int port) {
    return object
        .putArray("ports")
        .addObject()
        .put("name", "https")
        .put("port", port)
        .put("protocol", "TCP");
  }

  private static ObjectNode labels(ObjectNode object) {
    return object.withObject("/metadata").putObject("labels");
  }

  private static ObjectNode object(String apiVersion, String kind, String namespace, String name) {
    ObjectNode object = JsonNodeFactory.instance.objectNode();
    object.put("apiVersion", apiVersion);
    object.put("kind", kind);
    ObjectNode metadata = object.putObject("metadata");
    metadata.put("name", name);
    if (!namespace.isEmpty()) {
      metadata.put("namespace", namespace);
    }
    return object;
  }
}
