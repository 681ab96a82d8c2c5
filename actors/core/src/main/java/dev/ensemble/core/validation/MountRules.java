package dev.ensemble.core.validation;

import com.fasterxml.jackson.databind.JsonNode;
import dev.ensemble.core.object.Fields;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Where a container mounts volumes and block devices. */
final class MountRules {
  private MountRules() {}

  static void mounts(
      JsonNode container, Map<String, JsonNode> volumes, FieldPath path, FieldErrors errors) {
    Map<String, String> devices = paths(container, "volumeDevices", "devicePath");
    Set<String> seen = new HashSet<>();
    int position = 0;
    for (JsonNode mount : Fields.items(container, "volumeMounts")) {
      FieldPath at = path.child("volumeMounts").index(position++);
      String name = Fields.text(mount, "name");
      String mountPath = Fields.text(mount, "mountPath");
      if (name.isEmpty()) {
        errors.required(at.child("name"), "");
      }
      if (!volumes.containsKey(name)) {
        errors.notFound(at.child("name"), name);
      }
      if (mountPath.isEmpty()) {
        errors.required(at.child("mountPath"), "");
      }
      if (!seen.add(mountPath)) {
        errors.invalid(at.child("mountPath"), mountPath, "must be unique");
      }
      if (devices.containsKey(name)) {
        errors.invalid(at.child("name"), name, "must not already exist in volumeDevices");
      }
      if (devices.containsValue(mountPath)) {
        errors.invalid(
            at.child("mountPath"), mountPath, "must not already exist as a path in volumeDevices");
      }
      subPaths(mount, at, errors);
      propagation(mount, container, at, errors);
    }
  }

  private static void subPaths(JsonNode mount, FieldPath at, FieldErrors errors) {
    String subPath = Fields.text(mount, "subPath");
    String expression = Fields.text(mount, "subPathExpr");
    if (!subPath.isEmpty()) {
      descending(subPath, at.child("subPath"), errors);
    }
    if (!expression.isEmpty()) {
      if (!subPath.isEmpty()) {
        errors.invalid(
            at.child("subPathExpr"), expression, "subPathExpr and subPath are mutually exclusive");
      }
      descending(expression, at.child("subPathExpr"), errors);
    }
  }

  private static void propagation(
      JsonNode mount, JsonNode container, FieldPath at, FieldErrors errors) {
    String propagation = Fields.text(mount, "mountPropagation");
    errors.emptyOrOneOf(
        at.child("mountPropagation"),
        propagation,
        List.of("Bidirectional", "HostToContainer", "None"));
    if (propagation.equals("Bidirectional")
        && !Fields.flag(container.path("securityContext"), "privileged")) {
      errors.forbidden(
          at.child("mountPropagation"),
          "Bidirectional mount propagation is available only to privileged containers");
    }
    String recursive = Fields.text(mount, "recursiveReadOnly");
    FieldPath path = at.child("recursiveReadOnly");
    errors.emptyOrOneOf(path, recursive, List.of("Disabled", "Enabled", "IfPossible"));
    if (recursive.equals("Enabled") || recursive.equals("IfPossible")) {
      if (!Fields.flag(mount, "readOnly")) {
        errors.forbidden(path, "may only be specified when readOnly is true");
      }
      if (!propagation.isEmpty() && !propagation.equals("None")) {
        errors.forbidden(
            path, "may only be specified when mountPropagation is None or not specified");
      }
    }
  }

  static void devices(
      JsonNode container, Map<String, JsonNode> volumes, FieldPath path, FieldErrors errors) {
    Map<String, String> mounts = paths(container, "volumeMounts", "mountPath");
    Set<String> names = new HashSet<>();
    Set<String> seen = new HashSet<>();
    int position = 0;
    for (JsonNode device : Fields.items(container, "volumeDevices")) {
      FieldPath at = path.child("volumeDevices").index(position++);
      String name = Fields.text(device, "name");
      String devicePath = Fields.text(device, "devicePath");
      if (name.isEmpty()) {
        errors.required(at.child("name"), "");
      } else if (!names.add(name)) {
        errors.invalid(at.child("name"), name, "must be unique");
      }
      JsonNode volume = volumes.get(name);
      if (volume == null) {
        errors.notFound(at.child("name"), name);
      } else if (!Fields.has(volume, "persistentVolumeClaim") && !Fields.has(volume, "ephemeral")) {
        errors.invalid(
            at.child("name"),
            name,
            "can only use volume source type of PersistentVolumeClaim or Ephemeral for block mode");
      }
      if (devicePath.isEmpty()) {
        errors.required(at.child("devicePath"), "");
      } else if (climbs(devicePath)) {
        errors.invalid(at.child("devicePath"), devicePath, "can not contain backsteps ('..')");
      } else if (!seen.add(devicePath)) {
        errors.invalid(at.child("devicePath"), devicePath, "must be unique");
      }
      if (mounts.containsKey(name)) {
        errors.invalid(at.child("name"), name, "must not already exist in volumeMounts");
      }
      if (mounts.containsValue(devicePath)) {
        errors.invalid(
            at.child("devicePath"), devicePath, "must not already exist as a path in volumeMounts");
      }
    }
  }

  private static Map<String, String> paths(JsonNode container, String list, String pathField) {
    Map<String, String> paths = new HashMap<>();
    for (JsonNode entry : Fields.items(container, list)) {
      paths.put(Fields.text(entry, "name"), Fields.text(entry, pathField));
    }
    return paths;
  }

  /** A path that stays below where it starts. */
  static void descending(String path, FieldPath at, FieldErrors errors) {
    if (path.startsWith("/")) {
      errors.invalid(at, path, "must be a relative path");
    }
    noBacksteps(path, at, errors);
  }

  static void noBacksteps(String path, FieldPath at, FieldErrors errors) {
    if (climbs(path)) {
      errors.invalid(at, path, "must not contain '..'");
    }
  }

  private static boolean climbs(String path) {
    return path.equals("..")
        || path.startsWith("../")
        || path.endsWith("/..")
        || path.contains("/../");
  }
}
