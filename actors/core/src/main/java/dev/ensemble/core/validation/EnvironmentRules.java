package dev.ensemble.core.validation;

import com.fasterxml.jackson.databind.JsonNode;
import dev.ensemble.core.object.Fields;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Environment variables of a container and references into the pod's own fields. */
final class EnvironmentRules {
  private static final Set<String> VARIABLE_FIELDS =
      Set.of(
          "metadata.name",
          "metadata.namespace",
          "metadata.uid",
          "spec.nodeName",
          "spec.serviceAccountName",
          "status.hostIP",
          "status.hostIPs",
          "status.podIP",
          "status.podIPs");
  private static final Set<String> FILE_FIELDS =
      Set.of(
          "metadata.annotations",
          "metadata.labels",
          "metadata.name",
          "metadata.namespace",
          "metadata.uid");
  private static final Set<String> RESOURCE_FIELDS =
      Set.of(
          "limits.cpu",
          "limits.memory",
          "limits.ephemeral-storage",
          "requests.cpu",
          "requests.memory",
          "requests.ephemeral-storage");
  private static final Pattern SUBSCRIPT = Pattern.compile("(.+)\\['(.*)'\\]");
  private static final List<String> SOURCES =
      List.of("fieldRef", "resourceFieldRef", "configMapKeyRef", "secretKeyRef", "fileKeyRef");

  private EnvironmentRules() {}

  /** What a reference is for: some fields have no form that fits a variable. */
  enum Use {
    VARIABLE,
    FILE
  }

  static void env(JsonNode container, FieldPath path, FieldErrors errors) {
    int position = 0;
    for (JsonNode variable : Fields.items(container, "env")) {
      FieldPath at = path.child("env").index(position++);
      String name = Fields.text(variable, "name");
      if (name.isEmpty()) {
        errors.required(at.child("name"), "");
      } else {
        errors.invalidEach(at.child("name"), name, Keys.variableName(name));
      }
      if (Fields.has(variable, "valueFrom")) {
        valueFrom(variable, at.child("valueFrom"), errors);
      }
    }
    position = 0;
    for (JsonNode source : Fields.items(container, "envFrom")) {
      envFrom(source, path.child("envFrom"), position++, errors);
    }
  }

  private static void valueFrom(JsonNode variable, FieldPath path, FieldErrors errors) {
    JsonNode from = variable.get("valueFrom");
    if (Fields.has(from, "fieldRef")) {
      fieldRef(from.get("fieldRef"), Use.VARIABLE, path.child("fieldRef"), errors);
    }
    if (Fields.has(from, "resourceFieldRef")) {
      resourceFieldRef(
          from.get("resourceFieldRef"), Use.VARIABLE, path.child("resourceFieldRef"), errors);
    }
    if (Fields.has(from, "configMapKeyRef")) {
      keyRef(from.get("configMapKeyRef"), path.child("configMapKeyRef"), errors);
    }
    if (Fields.has(from, "secretKeyRef")) {
      keyRef(from.get("secretKeyRef"), path.child("secretKeyRef"), errors);
    }
    long sources = SOURCES.stream().filter(source -> Fields.has(from, source)).count();
    if (sources == 0) {
      errors.invalid(
          path,
          "",
          "must specify one of: `fieldRef`, `resourceFieldRef`, `configMapKeyRef`, `secretKeyRef`"
              + " or `fileKeyRef`");
    } else if (!Fields.text(variable, "value").isEmpty()) {
      errors.invalid(path, "", "may not be specified when `value` is not empty");
    } else if (sources > 1) {
      errors.invalid(path, "", "may not have more than one field specified at a time");
    }
  }

  static void fieldRef(JsonNode reference, Use use, FieldPath path, FieldErrors errors) {
    String apiVersion = Fields.text(reference, "apiVersion");
    String field = Fields.text(reference, "fieldPath");
    if (apiVersion.isEmpty()) {
      errors.required(path.child("apiVersion"), "");
      return;
    }
    if (field.isEmpty()) {
      errors.required(path.child("fieldPath"), "");
      return;
    }
    if (!apiVersion.equals("v1")) {
      errors.invalid(
          path.child("fieldPath"),
          field,
          "error converting fieldPath: unsupported pod version: " + apiVersion);
      return;
    }
    Matcher subscript = SUBSCRIPT.matcher(field);
    Set<String> supported = use == Use.VARIABLE ? VARIABLE_FIELDS : FILE_FIELDS;
    if (subscript.matches()) {
      subscript(subscript.group(1), subscript.group(2), path, errors);
    } else if (!VARIABLE_FIELDS.contains(field) && !FILE_FIELDS.contains(field)) {
      errors.invalid(
          path.child("fieldPath"),
          field,
          "error converting fieldPath: field label not supported: " + field);
    } else if (!supported.contains(field)) {
      errors.notSupported(path.child("fieldPath"), field, supported);
    }
  }

  private static void subscript(String field, String key, FieldPath path, FieldErrors errors) {
    if (field.equals("metadata.annotations")) {
      errors.invalidEach(path, key, Keys.qualifiedName(key.toLowerCase(Locale.ROOT)));
    } else if (field.equals("metadata.labels")) {
      errors.invalidEach(path, key, Keys.qualifiedName(key));
    } else {
      errors.invalid(path, field, "does not support subscript");
    }
  }

  static void resourceFieldRef(JsonNode reference, Use use, FieldPath path, FieldErrors errors) {
    String resource = Fields.text(reference, "resource");
    if (use == Use.FILE && Fields.text(reference, "containerName").isEmpty()) {
      errors.required(path.child("containerName"), "");
    } else if (resource.isEmpty()) {
      errors.required(path.child("resource"), "");
    } else if (!RESOURCE_FIELDS.contains(resource)
        && !resource.startsWith("requests.hugepages-")
        && !resource.startsWith("limits.hugepages-")) {
      errors.notSupported(path.child("resource"), resource, RESOURCE_FIELDS);
    }
  }

  private static void keyRef(JsonNode reference, FieldPath path, FieldErrors errors) {
    String name = Fields.text(reference, "name");
    errors.invalidEach(path.child("name"), name, Names.dns1123Subdomain(name));
    String key = Fields.text(reference, "key");
    if (key.isEmpty()) {
      errors.required(path.child("key"), "");
    } else {
      errors.invalidEach(path.child("key"), key, Keys.configKey(key));
    }
  }

  private static void envFrom(JsonNode source, FieldPath list, int position, FieldErrors errors) {
    FieldPath path = list.index(position);
    String prefix = Fields.text(source, "prefix");
    if (!prefix.isEmpty()) {
      errors.invalidEach(path.child("prefix"), prefix, Keys.variableName(prefix));
    }
    int sources = 0;
    for (String field : List.of("configMapRef", "secretRef")) {
      if (!Fields.has(source, field)) {
        continue;
      }
      sources++;
      FieldPath at = path.child(field).child("name");
      String name = Fields.text(source.get(field), "name");
      if (name.isEmpty()) {
        errors.required(at, "");
      } else {
        errors.invalidEach(at, name, Names.dns1123Subdomain(name));
      }
    }
    if (sources == 0) {
      errors.invalid(list, "", "must specify one of: `configMapRef` or `secretRef`");
    } else if (sources > 1) {
      errors.invalid(list, "", "may not have more than one field specified at a time");
    }
  }
}
