package dev.ensemble.core.validation;

import com.fasterxml.jackson.databind.JsonNode;
import dev.ensemble.core.object.Fields;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A pod's volumes: each has a name and exactly one source. The sources that our agents can mount
 * are judged field by field; of the others only their presence.
 */
final class VolumeRules {
  private static final int MODE_MAX = 0777;
  private static final List<String> HOST_PATH_TYPES =
      List.of(
          "",
          "BlockDevice",
          "CharDevice",
          "Directory",
          "DirectoryOrCreate",
          "File",
          "FileOrCreate",
          "Socket");
  private static final long TOKEN_SECONDS_MIN = 600;
  private static final long TOKEN_SECONDS_MAX = 1L << 32;

  private VolumeRules() {}

  /** Answers the well-named volumes by name, for the mounts to refer to. */
  static Map<String, JsonNode> volumes(JsonNode spec, FieldPath path, FieldErrors errors) {
    Map<String, JsonNode> known = new LinkedHashMap<>();
    int position = 0;
    for (JsonNode volume : Fields.items(spec, "volumes")) {
      FieldPath at = path.index(position++);
      int before = errors.size();
      source(volume, at, errors);
      String name = Fields.text(volume, "name");
      if (name.isEmpty()) {
        errors.required(at.child("name"), "");
      } else {
        errors.invalidEach(at.child("name"), name, Names.dns1123Label(name));
      }
      if (known.containsKey(name)) {
        errors.duplicate(at.child("name"), name);
      }
      if (errors.size() == before) {
        known.put(name, volume);
      }
    }
    return known;
  }

  private static void source(JsonNode volume, FieldPath path, FieldErrors errors) {
    int sources = 0;
    for (Map.Entry<String, JsonNode> field : volume.properties()) {
      if (field.getKey().equals("name") || field.getValue().isNull()) {
        continue;
      }
      if (sources > 0) {
        errors.forbidden(path.child(field.getKey()), "may not specify more than 1 volume type");
      } else {
        one(field.getKey(), field.getValue(), path.child(field.getKey()), errors);
      }
      sources++;
    }
    if (sources == 0) {
      errors.required(path, "must specify a volume type");
    }
  }

  private static void one(String kind, JsonNode source, FieldPath path, FieldErrors errors) {
    switch (kind) {
      case "emptyDir" -> {
        if (Fields.has(source, "sizeLimit")) {
          ResourceRules.nonNegative(source.get("sizeLimit"), path.child("sizeLimit"), errors);
        }
      }
      case "hostPath" -> {
        hostPath(source, path, errors);
      }
      case "configMap" -> {
        named(source, "name", path, errors);
        files(source, path, errors);
      }
      case "secret" -> {
        named(source, "secretName", path, errors);
        files(source, path, errors);
      }
      case "downwardAPI" -> {
        mode(source, "defaultMode", path, errors);
        downwardFiles(source, path, errors);
      }
      case "projected" -> {
        projected(source, path, errors);
      }
      case "persistentVolumeClaim" -> {
        named(source, "claimName", path, errors);
      }
      case "nfs" -> {
        nfs(source, path, errors);
      }
      case "csi" -> {
        named(source, "driver", path, errors);
      }
      case "image" -> {
        named(source, "reference", path, errors);
        errors.emptyOrOneOf(
            path.child("pullPolicy"),
            Fields.text(source, "pullPolicy"),
            ContainerRules.PULL_POLICIES);
      }
      case "ephemeral" -> {
        if (!Fields.has(source, "volumeClaimTemplate")) {
          errors.required(path.child("volumeClaimTemplate"), "");
        }
      }
      default -> {}
    }
  }

  private static void named(JsonNode source, String field, FieldPath path, FieldErrors errors) {
    if (Fields.text(source, field).isEmpty()) {
      errors.required(path.child(field), "");
    }
  }

  private static void hostPath(JsonNode source, FieldPath path, FieldErrors errors) {
    String where = Fields.text(source, "path");
    if (where.isEmpty()) {
      errors.required(path.child("path"), "");
    } else {
      MountRules.noBacksteps(where, path.child("path"), errors);
    }
    String type = Fields.text(source, "type");
    if (!HOST_PATH_TYPES.contains(type)) {
      errors.notSupported(path.child("type"), type, HOST_PATH_TYPES);
    }
  }

  private static void nfs(JsonNode source, FieldPath path, FieldErrors errors) {
    named(source, "server", path, errors);
    String where = Fields.text(source, "path");
    if (where.isEmpty()) {
      errors.required(path.child("path"), "");
    } else if (!where.startsWith("/")) {
      errors.invalid(path.child("path"), where, "must be an absolute path");
    }
  }

  private static void files(JsonNode source, FieldPath path, FieldErrors errors) {
    mode(source, "defaultMode", path, errors);
    items(source, path, errors);
  }

  private static void items(JsonNode source, FieldPath path, FieldErrors errors) {
    int position = 0;
    for (JsonNode item : Fields.items(source, "items")) {
      FieldPath at = path.child("items").index(position++);
      named(item, "key", at, errors);
      filePath(item, at, errors);
      mode(item, "mode", at, errors);
    }
  }

  private static void filePath(JsonNode item, FieldPath at, FieldErrors errors) {
    String path = Fields.text(item, "path");
    if (path.isEmpty()) {
      errors.required(at.child("path"), "");
      return;
    }
    MountRules.descending(path, at.child("path"), errors);
    if (path.startsWith("..") && !path.startsWith("../")) {
      errors.invalid(at.child("path"), path, "must not start with '..'");
    }
  }

  private static void mode(JsonNode source, String field, FieldPath path, FieldErrors errors) {
    long mode = Fields.number(source, field);
    if (mode < 0 || mode > MODE_MAX) {
      errors.invalid(
          path.child(field), mode, "must be a number between 0 and 0777 (octal), both inclusive");
    }
  }

  private static void downwardFiles(JsonNode source, FieldPath path, FieldErrors errors) {
    int position = 0;
    for (JsonNode item : Fields.items(source, "items")) {
      FieldPath at = path.child("items").index(position++);
      filePath(item, at, errors);
      boolean field = Fields.has(item, "fieldRef");
      boolean resource = Fields.has(item, "resourceFieldRef");
      if (field) {
        EnvironmentRules.fieldRef(
            item.get("fieldRef"), EnvironmentRules.Use.FILE, at.child("fieldRef"), errors);
        if (resource) {
          errors.invalid(
              at, "resource", "fieldRef and resourceFieldRef can not be specified simultaneously");
        }
      } else if (resource) {
        EnvironmentRules.resourceFieldRef(
            item.get("resourceFieldRef"),
            EnvironmentRules.Use.FILE,
            at.child("resourceFieldRef"),
            errors);
      } else {
        errors.required(at, "one of fieldRef and resourceFieldRef is required");
      }
      mode(item, "mode", at, errors);
    }
  }

  private static void projected(JsonNode source, FieldPath path, FieldErrors errors) {
    mode(source, "defaultMode", path, errors);
    Set<String> seen = new HashSet<>();
    int position = 0;
    for (JsonNode projection : Fields.items(source, "sources")) {
      FieldPath at = path.child("sources").index(position++);
      int sources = 0;
      for (Map.Entry<String, JsonNode> field : projection.properties()) {
        if (sources++ > 0) {
          errors.forbidden(at.child(field.getKey()), "may not specify more than 1 volume type");
        } else {
          projection(field.getKey(), field.getValue(), at.child(field.getKey()), errors);
        }
        uniquePaths(field.getValue(), seen, at.child(field.getKey()), errors);
      }
      if (sources == 0) {
        errors.required(at, "must specify a volume type");
      }
    }
  }

  private static void uniquePaths(
      JsonNode projection, Set<String> seen, FieldPath at, FieldErrors errors) {
    for (JsonNode item : Fields.items(projection, "items")) {
      String path = Fields.text(item, "path");
      if (!path.isEmpty() && !seen.add(path)) {
        errors.invalid(at, path, "conflicting duplicate paths");
      }
    }
  }

  private static void projection(String kind, JsonNode source, FieldPath path, FieldErrors errors) {
    switch (kind) {
      case "configMap", "secret" -> {
        named(source, "name", path, errors);
        items(source, path, errors);
      }
      case "downwardAPI" -> {
        downwardFiles(source, path, errors);
      }
      case "serviceAccountToken" -> {
        long seconds = Fields.number(source, "expirationSeconds");
        if (seconds < TOKEN_SECONDS_MIN) {
          errors.invalid(
              path.child("expirationSeconds"),
              seconds,
              "may not specify a duration less than 10 minutes");
        }
        if (seconds > TOKEN_SECONDS_MAX) {
          errors.invalid(
              path.child("expirationSeconds"),
              seconds,
              "may not specify a duration larger than 2^32 seconds");
        }
        filePath(source, path, errors);
      }
      default -> {}
    }
  }
}
