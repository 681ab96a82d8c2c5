package dev.ensemble.core.discovery;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ensemble.core.resource.ResourceType;
import dev.ensemble.core.resource.ResourceTypes;
import dev.ensemble.core.resource.VirtualResource;
import dev.ensemble.core.schema.ApiKind;
import java.util.List;

/** All groups, versions and resources in one document: an APIGroupDiscoveryList. */
public final class AggregatedDiscovery {
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private final ResourceTypes types;

  /** The two versions that clients ask for; their contents are the same. */
  public enum Version {
    V2("apidiscovery.k8s.io/v2"),
    V2BETA1("apidiscovery.k8s.io/v2beta1");

    private final String apiVersion;

    Version(String apiVersion) {
      this.apiVersion = apiVersion;
    }
  }

  public AggregatedDiscovery(ResourceTypes types) {
    this.types = types;
  }

  /** What {@code /api} answers to clients that ask for aggregated discovery. */
  public ObjectNode core(Version version) {
    ObjectNode document = list(version);
    ApiGroups.of(types)
        .forEach(
            (group, apiVersions) -> {
              if (group.isEmpty()) {
                group(document, group, apiVersions);
              }
            });
    return document;
  }

  /** What {@code /apis} answers to clients that ask for aggregated discovery. */
  public ObjectNode groups(Version version) {
    ObjectNode document = list(version);
    ApiGroups.of(types)
        .forEach(
            (group, apiVersions) -> {
              if (!group.isEmpty()) {
                group(document, group, apiVersions);
              }
            });
    return document;
  }

  private static ObjectNode list(Version version) {
    ObjectNode document =
        NODES
            .objectNode()
            .put("kind", "APIGroupDiscoveryList")
            .put("apiVersion", version.apiVersion);
    document.putObject("metadata");
    document.putArray("items");
    return document;
  }

  private void group(ObjectNode document, String group, List<String> apiVersions) {
    ObjectNode item = document.withArray("items").addObject();
    ObjectNode metadata = item.putObject("metadata");
    if (!group.isEmpty()) {
      metadata.put("name", group);
    }
    ArrayNode versions = item.putArray("versions");
    for (String apiVersion : apiVersions) {
      ObjectNode version =
          versions.addObject().put("version", ApiKind.of(apiVersion, "").version());
      ArrayNode resources = version.putArray("resources");
      version.put("freshness", "Current");
      resources(resources, apiVersion);
    }
  }

  private void resources(ArrayNode resources, String apiVersion) {
    for (VirtualResource virtual : types.virtual()) {
      if (virtual.kind().apiVersion().equals(apiVersion)) {
        resource(
            resources,
            virtual.plural(),
            virtual.singular(),
            virtual.kind(),
            virtual.scope(),
            virtual.verbs());
      }
    }
    for (ResourceType type : types.all()) {
      if (type.apiVersion().equals(apiVersion)) {
        stored(resources, type);
      }
    }
  }

  private void stored(ArrayNode resources, ResourceType type) {
    ObjectNode entry =
        resource(
            resources,
            type.plural(),
            type.singular(),
            new ApiKind(type.group(), type.version(), type.kind()),
            type.scope(),
            type.verbs());
    texts(entry, "shortNames", type.shortNames());
    texts(entry, "categories", type.categories());
    type.subresources().stream()
        .sorted()
        .flatMap(name -> types.subresource(type, name).stream())
        .forEach(
            subresource -> {
              ObjectNode below =
                  entry
                      .withArray("subresources")
                      .addObject()
                      .put("subresource", subresource.name());
              kind(below, subresource.kind());
              texts(below, "verbs", subresource.verbs());
            });
  }

  private static ObjectNode resource(
      ArrayNode resources,
      String plural,
      String singular,
      ApiKind kind,
      ResourceType.Scope scope,
      List<String> verbs) {
    ObjectNode entry = resources.addObject().put("resource", plural);
    kind(entry, kind);
    entry
        .put("scope", scope == ResourceType.Scope.NAMESPACED ? "Namespaced" : "Cluster")
        .put("singularResource", singular);
    texts(entry, "verbs", verbs);
    return entry;
  }

  private static void kind(ObjectNode entry, ApiKind kind) {
    entry
        .putObject("responseKind")
        .put("group", kind.group())
        .put("version", kind.version())
        .put("kind", kind.kind());
  }

  private static void texts(ObjectNode entry, String field, List<String> values) {
    if (!values.isEmpty()) {
      values.forEach(entry.putArray(field)::add);
    }
  }
}
