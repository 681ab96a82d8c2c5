package dev.ensemble.core.openapi;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ensemble.core.resource.ResourceType;
import dev.ensemble.core.resource.ResourceTypes;
import dev.ensemble.core.schema.ApiKind;
import dev.ensemble.core.schema.Definitions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The API's description in OpenAPI. Documents are written once, when the table is new, and kept as
 * bytes; a changed table needs a new instance.
 */
public final class OpenApiDocuments {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final ResourceTypes types;
  private final Definitions definitions;
  private final String version;
  private final Map<String, byte[]> v3 = new TreeMap<>();
  private final ObjectNode index = JsonNodeFactory.instance.objectNode();

  /**
   * @param version of the API server, such as {@code v1.35.0}
   */
  public OpenApiDocuments(ResourceTypes types, Definitions definitions, String version) {
    this.types = types;
    this.definitions = definitions;
    this.version = version;
    ObjectNode paths = index.putObject("paths");
    for (String apiVersion : types.apiVersions()) {
      String path = PathWriter.root(apiVersion).substring(1);
      byte[] document = bytes(document(Dialect.V3, List.of(apiVersion)));
      v3.put(path, document);
      paths
          .putObject(path)
          .put("serverRelativeURL", "/openapi/v3/" + path + "?hash=" + hash(document));
    }
  }

  /** {@code /openapi/v3}: where each group version's document is, with its hash. */
  public ObjectNode index() {
    return index.deepCopy();
  }

  /**
   * {@code /openapi/v3/PATH} as JSON.
   *
   * @param path such as {@code api/v1} or {@code apis/apps/v1}
   */
  public Optional<byte[]> v3(String path) {
    return Optional.ofNullable(v3.get(path)).map(byte[]::clone);
  }

  /** {@code /openapi/v2} of all group versions. Written anew by each call: callers keep it. */
  public ObjectNode v2() {
    return document(Dialect.V2, types.apiVersions());
  }

  /** What follows {@code ?hash=} and stands in an ETag. */
  public static String hash(byte[] document) {
    try {
      return HexFormat.of()
          .withUpperCase()
          .formatHex(MessageDigest.getInstance("SHA-256").digest(document));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  private ObjectNode document(Dialect dialect, List<String> apiVersions) {
    SchemaWriter schemas = new SchemaWriter(dialect, kinds());
    PathWriter paths = new PathWriter(types, definitions, schemas, dialect);
    apiVersions.forEach(paths::write);
    ObjectNode document = JsonNodeFactory.instance.objectNode();
    document.put(
        dialect == Dialect.V2 ? "swagger" : "openapi", dialect == Dialect.V2 ? "2.0" : "3.0.0");
    document.putObject("info").put("title", "Ensemble").put("version", version);
    document.set("paths", paths.paths());
    ObjectNode all = schemas.definitions();
    if (dialect == Dialect.V2) {
      document.set("definitions", all);
    } else {
      document.putObject("components").set("schemas", all);
    }
    return document;
  }

  private Map<String, List<ApiKind>> kinds() {
    Map<String, List<ApiKind>> kinds = new HashMap<>();
    definitions
        .all()
        .keySet()
        .forEach(
            name -> definitions.kindOf(name).ifPresent(kind -> kinds.put(name, List.of(kind))));
    for (ResourceType type : types.all()) {
      ApiKind kind = new ApiKind(type.group(), type.version(), type.kind());
      List<ApiKind> known = new ArrayList<>(kinds.getOrDefault(type.schema().name(), List.of()));
      if (!known.contains(kind)) {
        known.add(kind);
        kinds.put(type.schema().name(), known);
      }
    }
    return kinds;
  }

  private static byte[] bytes(ObjectNode document) {
    try {
      return JSON.writeValueAsBytes(document);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree is always JSON", e);
    }
  }
}
