package dev.ensemble.core.discovery;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ensemble.core.resource.Face;
import dev.ensemble.core.resource.ResourceType;
import dev.ensemble.core.resource.ResourceTypes;
import dev.ensemble.core.resource.Subresource;
import dev.ensemble.core.resource.VirtualResource;
import dev.ensemble.core.schema.ApiKind;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/**
 * The documents below {@code /api} and {@code /apis}, one group or version at a time. {@link
 * AggregatedDiscovery} has all at once.
 */
public final class DiscoveryDocuments {
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private final ResourceTypes types;

  public DiscoveryDocuments(ResourceTypes types) {
    this.types = types;
  }

  /**
   * {@code /api}: an APIVersions.
   *
   * @param serverAddress host and port under which this server is reached
   */
  public ObjectNode versions(String serverAddress) {
    ObjectNode document = NODES.objectNode().put("kind", "APIVersions");
    ArrayNode versions = document.putArray("versions");
    ApiGroups.of(types).getOrDefault("", List.of()).forEach(versions::add);
    document
        .putArray("serverAddressByClientCIDRs")
        .addObject()
        .put("clientCIDR", "0.0.0.0/0")
        .put("serverAddress", serverAddress);
    return document;
  }

  /** {@code /apis}: an APIGroupList of all named groups. */
  public ObjectNode groups() {
    ObjectNode document = NODES.objectNode().put("kind", "APIGroupList").put("apiVersion", "v1");
    ArrayNode groups = document.putArray("groups");
    ApiGroups.of(types)
        .forEach(
            (group, apiVersions) -> {
              if (!group.isEmpty()) {
                groups.add(group(NODES.objectNode(), group, apiVersions));
              }
            });
    return document;
  }

  /** {@code /apis/GROUP}: an APIGroup; empty if there is no such group. */
  public Optional<ObjectNode> group(String group) {
    List<String> apiVersions = ApiGroups.of(types).getOrDefault(group, List.of());
    if (group.isEmpty() || apiVersions.isEmpty()) {
      return Optional.empty();
    }
    ObjectNode document = NODES.objectNode().put("kind", "APIGroup").put("apiVersion", "v1");
    return Optional.of(group(document, group, apiVersions));
  }

  private static ObjectNode group(ObjectNode into, String group, List<String> apiVersions) {
    into.put("name", group);
    ArrayNode versions = into.putArray("versions");
    apiVersions.forEach(apiVersion -> version(versions.addObject(), apiVersion));
    version(into.putObject("preferredVersion"), apiVersions.get(0));
    return into;
  }

  private static void version(ObjectNode into, String apiVersion) {
    into.put("groupVersion", apiVersion).put("version", ApiKind.of(apiVersion, "").version());
  }

  /**
   * {@code /api/v1} or {@code /apis/GROUP/VERSION}: an APIResourceList; empty if nothing is served
   * there.
   */
  public Optional<ObjectNode> resources(String apiVersion) {
    if (!types.apiVersions().contains(apiVersion)) {
      return Optional.empty();
    }
    ObjectNode document = NODES.objectNode().put("kind", "APIResourceList");
    if (apiVersion.contains("/")) {
      document.put("apiVersion", "v1");
    }
    document.put("groupVersion", apiVersion);
    ArrayNode resources = document.putArray("resources");
    for (VirtualResource virtual : types.virtual()) {
      if (virtual.kind().apiVersion().equals(apiVersion)) {
        resource(
            resources,
            virtual.plural(),
            virtual.singular(),
            virtual.scope(),
            virtual.kind().kind(),
            virtual.verbs());
      }
    }
    for (ResourceType type : types.all()) {
      if (type.apiVersion().equals(apiVersion)) {
        stored(resources, type);
      }
    }
    return Optional.of(document);
  }

  private void stored(ArrayNode resources, ResourceType type) {
    ObjectNode entry =
        resource(
            resources, type.plural(), type.singular(), type.scope(), type.kind(), type.verbs());
    texts(entry, "shortNames", type.shortNames());
    texts(entry, "categories", type.categories());
    String storedAs = types.face(type).map(Face::storedApiVersion).orElse(type.apiVersion());
    entry.put("storageVersionHash", storageVersionHash(ApiKind.of(storedAs, type.kind())));
    type.subresources().stream()
        .sorted()
        .flatMap(name -> types.subresource(type, name).stream())
        .forEach(subresource -> subresource(resources, type, subresource));
  }

  private static ObjectNode resource(
      ArrayNode resources,
      String plural,
      String singular,
      ResourceType.Scope scope,
      String kind,
      List<String> verbs) {
    ObjectNode entry =
        resources
            .addObject()
            .put("name", plural)
            .put("singularName", singular)
            .put("namespaced", scope == ResourceType.Scope.NAMESPACED)
            .put("kind", kind);
    verbs.forEach(entry.putArray("verbs")::add);
    return entry;
  }

  private static void subresource(ArrayNode resources, ResourceType type, Subresource subresource) {
    ObjectNode entry =
        resources
            .addObject()
            .put("name", type.plural() + "/" + subresource.name())
            .put("singularName", "")
            .put("namespaced", type.namespaced());
    ApiKind kind = subresource.kind();
    if (!kind.apiVersion().equals(type.apiVersion())) {
      entry.put("group", kind.group()).put("version", kind.version());
    }
    entry.put("kind", kind.kind());
    subresource.verbs().forEach(entry.putArray("verbs")::add);
  }

  private static void texts(ObjectNode entry, String field, List<String> values) {
    if (!values.isEmpty()) {
      values.forEach(entry.putArray(field)::add);
    }
  }

  /** Tells clients whether the stored form changed: upstream's hash of group, version and kind. */
  static String storageVersionHash(ApiKind stored) {
    String text = stored.group() + "/" + stored.version() + "/" + stored.kind();
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return Base64.getEncoder().encodeToString(Arrays.copyOf(hash, 8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
