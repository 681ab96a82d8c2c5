package dev.ensemble.agent.core.pod;

import static dev.ensemble.agent.core.Fields.at;
import static dev.ensemble.agent.core.Fields.flag;
import static dev.ensemble.agent.core.Fields.has;
import static dev.ensemble.agent.core.Fields.list;
import static dev.ensemble.agent.core.Fields.number;
import static dev.ensemble.agent.core.Fields.strings;
import static dev.ensemble.agent.core.Fields.text;

import com.fasterxml.jackson.databind.JsonNode;
import dev.ensemble.agent.core.pod.PodSources.Reference;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;

/** The files of configMap, secret, downwardAPI and projected volumes. */
public final class VolumeContents {
  private static final int MODE_DEFAULT = 0644;
  private static final int TOKEN_MODE = 0600;

  private VolumeContents() {}

  public static boolean isMadeOfFiles(JsonNode volume) {
    return has(volume, "configMap")
        || has(volume, "secret")
        || has(volume, "downwardAPI")
        || has(volume, "projected");
  }

  /**
   * By relative path.
   *
   * @param tokens gives the text of a token; may block
   * @throws PodConfigException when a source that is not optional is missing
   */
  public static Map<String, VolumeFile> of(
      PodDefinition pod,
      JsonNode volume,
      PodSources sources,
      List<String> podIps,
      Function<TokenProjection, String> tokens) {
    Map<String, VolumeFile> files = new TreeMap<>();
    FieldValues fields = new FieldValues(pod, podIps, sources.node());
    if (has(volume, "projected")) {
      int mode = mode(at(volume, "projected"), "defaultMode", MODE_DEFAULT);
      for (JsonNode source : list(volume, "projected", "sources")) {
        if (has(source, "serviceAccountToken")) {
          addToken(files, pod, source, mode, tokens);
        } else if (has(source, "clusterTrustBundle") || has(source, "podCertificate")) {
          throw new PodConfigException(
              "projected volumes with trust bundles or certificates are not supported on this"
                  + " node");
        } else {
          add(files, pod, source, "name", mode, sources, fields);
        }
      }
    } else {
      String kind =
          has(volume, "configMap") ? "configMap" : has(volume, "secret") ? "secret" : "downwardAPI";
      int mode = mode(at(volume, kind), "defaultMode", MODE_DEFAULT);
      add(files, pod, volume, "secretName", mode, sources, fields);
    }
    return files;
  }

  /**
   * With an fsGroup only the group may read it, else everybody in the pod (as the kubelet does).
   */
  private static void addToken(
      Map<String, VolumeFile> files,
      PodDefinition pod,
      JsonNode source,
      int mode,
      Function<TokenProjection, String> tokens) {
    boolean grouped = has(pod.spec(), "securityContext", "fsGroup");
    String token = tokens.apply(TokenProjection.of(pod, source));
    files.put(
        path(text(source, "serviceAccountToken", "path")),
        new VolumeFile(token.getBytes(StandardCharsets.UTF_8), grouped ? TOKEN_MODE : mode));
  }

  private static void add(
      Map<String, VolumeFile> files,
      PodDefinition pod,
      JsonNode source,
      String secretNameField,
      int mode,
      PodSources sources,
      FieldValues fields) {
    if (has(source, "configMap")) {
      JsonNode given = at(source, "configMap");
      Reference reference = Reference.configMap(pod.namespace(), text(given, "name"));
      addKeys(files, given, reference, mode, sources);
    } else if (has(source, "secret")) {
      JsonNode given = at(source, "secret");
      Reference reference = Reference.secret(pod.namespace(), text(given, secretNameField));
      addKeys(files, given, reference, mode, sources);
    } else if (has(source, "downwardAPI")) {
      for (JsonNode item : list(source, "downwardAPI", "items")) {
        String value =
            has(item, "fieldRef")
                ? fields.field(text(item, "fieldRef", "fieldPath"))
                : fields.resource(at(item, "resourceFieldRef"), item);
        files.put(
            path(text(item, "path")),
            new VolumeFile(value.getBytes(StandardCharsets.UTF_8), mode(item, "mode", mode)));
      }
    } else {
      throw new PodConfigException("unsupported source of a projected volume");
    }
  }

  private static void addKeys(
      Map<String, VolumeFile> files,
      JsonNode given,
      Reference reference,
      int mode,
      PodSources sources) {
    boolean optional = flag(given, "optional");
    if (sources.find(reference).isEmpty() && optional) {
      return;
    }
    Map<String, byte[]> data = data(sources.require(reference), reference);
    List<JsonNode> items = list(given, "items");
    if (items.isEmpty()) {
      data.forEach((key, bytes) -> files.put(path(key), new VolumeFile(bytes, mode)));
    }
    for (JsonNode item : items) {
      Optional<byte[]> bytes = Optional.ofNullable(data.get(text(item, "key")));
      if (bytes.isPresent()) {
        files.put(path(text(item, "path")), new VolumeFile(bytes.get(), mode(item, "mode", mode)));
      } else if (!optional) {
        throw new PodConfigException(
            "references non-existent "
                + (reference.resource().equals("secrets") ? "secret" : "config")
                + " key: "
                + text(item, "key"));
      }
    }
  }

  private static Map<String, byte[]> data(JsonNode object, Reference reference) {
    boolean secret = reference.resource().equals("secrets");
    Map<String, byte[]> data = new TreeMap<>();
    strings(object, "data")
        .forEach(
            (key, value) ->
                data.put(
                    key,
                    secret
                        ? Base64.getDecoder().decode(value)
                        : value.getBytes(StandardCharsets.UTF_8)));
    strings(object, "binaryData")
        .forEach((key, value) -> data.put(key, Base64.getDecoder().decode(value)));
    return data;
  }

  private static int mode(JsonNode node, String field, int otherwise) {
    return number(node, field).map(Long::intValue).orElse(otherwise);
  }

  private static String path(String given) {
    boolean escapes =
        given.isEmpty() || given.startsWith("/") || List.of(given.split("/", -1)).contains("..");
    if (escapes) {
      throw new PodConfigException("invalid path in volume: " + given);
    }
    return given;
  }
}
