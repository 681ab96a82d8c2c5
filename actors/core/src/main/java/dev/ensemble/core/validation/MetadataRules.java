package dev.ensemble.core.validation;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ensemble.core.object.Fields;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/** What holds for {@code metadata} of every kind. */
final class MetadataRules {
  static final FieldPath METADATA = FieldPath.of("metadata");
  private static final FieldPath LABELS = METADATA.child("labels");
  private static final FieldPath ANNOTATIONS = METADATA.child("annotations");
  private static final FieldPath FINALIZERS = METADATA.child("finalizers");

  /** 256 KiB: keys and values together. */
  private static final int ANNOTATIONS_BYTES_MAX = 256 * 1024;

  private static final int FIELD_MANAGER_LENGTH_MAX = 128;

  private MetadataRules() {}

  enum Home {
    NAMESPACE,
    CLUSTER,
    /** A kind that is not known here: whether it needs a namespace is not judged. */
    ANY
  }

  static void create(JsonNode object, Names.Form form, Home home, FieldErrors errors) {
    JsonNode meta = object.path("metadata");
    String prefix = Fields.text(meta, "generateName");
    if (!prefix.isEmpty()) {
      errors.invalidEach(
          METADATA.child("generateName"), prefix, form.faults(prefix, Names.Part.PREFIX));
    }
    String name = Fields.text(meta, "name");
    if (name.isEmpty()) {
      errors.required(METADATA.child("name"), "name or generateName is required");
    } else {
      errors.invalidEach(METADATA.child("name"), name, form.faults(name, Names.Part.WHOLE));
    }
    namespace(meta, home, errors);
    anyWrite(meta, errors);
  }

  private static void namespace(JsonNode meta, Home home, FieldErrors errors) {
    String namespace = Fields.text(meta, "namespace");
    FieldPath path = METADATA.child("namespace");
    if (namespace.isEmpty()) {
      if (home == Home.NAMESPACE) {
        errors.required(path, "");
      }
    } else if (home == Home.CLUSTER) {
      errors.forbidden(path, "not allowed on this type");
    } else {
      errors.invalidEach(path, namespace, Names.dns1123Label(namespace));
    }
  }

  private static void anyWrite(JsonNode meta, FieldErrors errors) {
    errors.nonNegative(METADATA.child("generation"), Fields.number(meta, "generation"));
    labels(meta.path("labels"), LABELS, errors);
    annotations(meta.path("annotations"), ANNOTATIONS, errors);
    owners(meta, errors);
    int position = 0;
    for (JsonNode finalizer : Fields.items(meta, "finalizers")) {
      finalizer(finalizer.asText(), FINALIZERS.index(position++), errors);
    }
    foregroundOrOrphan(meta, errors);
    int entry = 0;
    for (JsonNode manager : Fields.items(meta, "managedFields")) {
      managedFields(manager, METADATA.child("managedFields").index(entry++), errors);
    }
  }

  static void update(JsonNode object, JsonNode old, FieldErrors errors) {
    JsonNode now = object.path("metadata");
    JsonNode before = old.path("metadata");
    if (Fields.has(before, "deletionTimestamp")) {
      TreeSet<String> added = new TreeSet<>();
      Fields.items(now, "finalizers").forEach(f -> added.add(f.asText()));
      Fields.items(before, "finalizers").forEach(f -> added.remove(f.asText()));
      if (!added.isEmpty()) {
        errors.forbidden(
            FINALIZERS,
            "no new finalizers can be added if the object is being deleted, found new finalizers "
                + added);
      }
    }
    if (Fields.number(now, "generation") < Fields.number(before, "generation")) {
      errors.invalid(
          METADATA.child("generation"),
          Fields.number(now, "generation"),
          "must not be decremented");
    }
    for (String field :
        new String[] {
          "name",
          "namespace",
          "uid",
          "creationTimestamp",
          "deletionTimestamp",
          "deletionGracePeriodSeconds"
        }) {
      errors.immutable(METADATA.child(field), now.path(field), before.path(field));
    }
    anyWrite(now, errors);
  }

  static void labels(JsonNode labels, FieldPath path, FieldErrors errors) {
    for (Map.Entry<String, JsonNode> label : labels.properties()) {
      errors.invalidEach(path, label.getKey(), Keys.qualifiedName(label.getKey()));
      String value = label.getValue().asText();
      errors.invalidEach(path, value, Keys.labelValue(value));
    }
  }

  static void annotations(JsonNode annotations, FieldPath path, FieldErrors errors) {
    long bytes = 0;
    for (Map.Entry<String, JsonNode> annotation : annotations.properties()) {
      String key = annotation.getKey();
      // Upper case is legal in an annotation's prefix, for history's sake.
      errors.invalidEach(path, key, Keys.qualifiedName(key.toLowerCase(Locale.ROOT)));
      bytes += key.length() + bytes(annotation.getValue().asText());
    }
    if (bytes > ANNOTATIONS_BYTES_MAX) {
      errors.tooLong(path, ANNOTATIONS_BYTES_MAX);
    }
  }

  /** The length in UTF-8, counted without encoding: ConfigMaps may hold a megabyte. */
  static int bytes(String text) {
    int bytes = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c < 0x80) {
        bytes += 1;
      } else if (c < 0x800) {
        bytes += 2;
      } else if (Character.isHighSurrogate(c)) {
        bytes += 4;
        i++;
      } else {
        bytes += 3;
      }
    }
    return bytes;
  }

  private static void owners(JsonNode meta, FieldErrors errors) {
    FieldPath path = METADATA.child("ownerReferences");
    Optional<JsonNode> controller = Optional.empty();
    int position = 0;
    for (JsonNode owner : Fields.items(meta, "ownerReferences")) {
      owner(owner, path.index(position++), errors);
      if (!Fields.flag(owner, "controller")) {
        continue;
      }
      if (controller.isPresent()) {
        errors.invalid(
            path,
            meta.path("ownerReferences"),
            "Only one reference can have Controller set to true. Found \"true\" in references for "
                + describe(controller.get())
                + " and "
                + describe(owner));
      }
      controller = Optional.of(owner);
    }
  }

  private static String describe(JsonNode owner) {
    return Fields.text(owner, "kind") + "/" + Fields.text(owner, "name");
  }

  private static void owner(JsonNode owner, FieldPath path, FieldErrors errors) {
    String apiVersion = Fields.text(owner, "apiVersion");
    int slash = apiVersion.indexOf('/');
    if (apiVersion.isEmpty() || slash == apiVersion.length() - 1) {
      errors.invalid(path.child("apiVersion"), apiVersion, "version must not be empty");
    }
    if (Fields.text(owner, "kind").isEmpty()) {
      errors.invalid(path.child("kind"), "", "must not be empty");
    }
    if (Fields.text(owner, "name").isEmpty()) {
      errors.invalid(path.child("name"), "", "must not be empty");
    }
    if (Fields.text(owner, "uid").isEmpty()) {
      errors.invalid(path.child("uid"), "", "must not be empty");
    }
    if (apiVersion.equals("v1") && Fields.text(owner, "kind").equals("Event")) {
      errors.invalid(path, owner, "/v1, Kind=Event is disallowed from being an owner");
    }
  }

  static void finalizer(String name, FieldPath path, FieldErrors errors) {
    errors.invalidEach(path, name, Keys.qualifiedName(name));
    if (name.indexOf('/') < 0
        && !name.equals("orphan")
        && !name.equals("foregroundDeletion")
        && !name.equals("kubernetes")) {
      errors.invalid(
          path, name, "name is neither a standard finalizer name nor is it fully qualified");
    }
  }

  private static void foregroundOrOrphan(JsonNode meta, FieldErrors errors) {
    boolean orphan = false;
    boolean foreground = false;
    for (JsonNode finalizer : Fields.items(meta, "finalizers")) {
      orphan |= finalizer.asText().equals("orphan");
      foreground |= finalizer.asText().equals("foregroundDeletion");
    }
    if (orphan && foreground) {
      errors.invalid(
          FINALIZERS,
          meta.path("finalizers"),
          "finalizer orphan and foregroundDeletion cannot be both set");
    }
  }

  private static void managedFields(JsonNode entry, FieldPath path, FieldErrors errors) {
    String operation = Fields.text(entry, "operation");
    if (!operation.equals("Apply") && !operation.equals("Update")) {
      errors.invalid(path.child("operation"), operation, "must be `Apply` or `Update`");
    }
    String type = Fields.text(entry, "fieldsType");
    if (!type.isEmpty() && !type.equals("FieldsV1")) {
      errors.invalid(path.child("fieldsType"), type, "must be `FieldsV1`");
    }
    if (Fields.text(entry, "manager").length() > FIELD_MANAGER_LENGTH_MAX) {
      errors.tooLong(path.child("manager"), FIELD_MANAGER_LENGTH_MAX);
    }
  }

  /** Metadata of a template: only labels and annotations are judged. */
  static void template(JsonNode template, FieldPath path, FieldErrors errors) {
    ObjectNode meta = Fields.object(template, "metadata");
    labels(meta.path("labels"), path.child("labels"), errors);
    annotations(meta.path("annotations"), path.child("annotations"), errors);
  }
}
