package dev.ensemble.core.schema;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.ensemble.core.schema.Schema.Field;
import dev.ensemble.core.schema.Schema.ListKind;
import dev.ensemble.core.schema.Schema.Merge;
import dev.ensemble.core.schema.Schema.PatchStrategy;
import dev.ensemble.core.schema.Schema.Presence;
import dev.ensemble.core.schema.Schema.ScalarKind;
import dev.ensemble.core.schema.Schema.Unknown;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A Deployment with the fields that differ in how they merge, shaped as published. */
public final class Schemas {
  public static final Schema TEXT = new Schema.Scalar(ScalarKind.STRING);
  public static final Schema INTEGER = new Schema.Scalar(ScalarKind.INT32);
  public static final Schema.Struct DEPLOYMENT = deployment();

  private Schemas() {}

  public static Schema.Struct struct(String name, Field... fields) {
    return struct(name, Merge.GRANULAR, Unknown.PRUNED, fields);
  }

  public static Schema.Struct struct(String name, Merge merge, Unknown unknown, Field... fields) {
    Map<String, Field> byName = new LinkedHashMap<>();
    for (Field field : fields) {
      byName.put(field.name(), field);
    }
    return new Schema.Struct(name, byName, merge, unknown);
  }

  public static Field field(String name, Schema schema) {
    return field(name, schema, PatchStrategy.REPLACE, "");
  }

  public static Field field(String name, Schema schema, PatchStrategy strategy, String key) {
    return new Field(
        name,
        () -> schema,
        Presence.OPTIONAL,
        Optional.empty(),
        strategy,
        key.isEmpty() ? Optional.empty() : Optional.of(key));
  }

  public static Field required(String name, Schema schema, PatchStrategy strategy, String key) {
    return new Field(
        name,
        () -> schema,
        Presence.REQUIRED,
        Optional.empty(),
        strategy,
        key.isEmpty() ? Optional.empty() : Optional.of(key));
  }

  public static Field defaulted(String name, JsonNode value) {
    return new Field(
        name,
        () -> TEXT,
        Presence.OPTIONAL,
        Optional.of(value),
        PatchStrategy.REPLACE,
        Optional.empty());
  }

  public static Schema mapOf(Schema value) {
    return new Schema.MapOf(value, Merge.GRANULAR);
  }

  public static Schema list(Schema element) {
    return new Schema.ListOf(element, ListKind.ATOMIC, List.of());
  }

  public static Schema set(Schema element) {
    return new Schema.ListOf(element, ListKind.SET, List.of());
  }

  public static Schema listMap(Schema element, String... keys) {
    return new Schema.ListOf(element, ListKind.MAP, List.of(keys));
  }

  private static Schema.Struct metadata() {
    return struct(
        "io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta",
        field("name", TEXT),
        field("namespace", TEXT),
        field("uid", TEXT),
        field("resourceVersion", TEXT),
        field("generation", INTEGER),
        field("creationTimestamp", TEXT),
        field("labels", mapOf(TEXT)),
        field("annotations", mapOf(TEXT)),
        field("finalizers", set(TEXT), PatchStrategy.MERGE, ""),
        field("managedFields", list(new Schema.Any())),
        field(
            "ownerReferences",
            listMap(struct("OwnerReference", field("uid", TEXT), field("name", TEXT)), "uid"),
            PatchStrategy.MERGE,
            "uid"));
  }

  private static Schema.Struct container() {
    return struct(
        "io.k8s.api.core.v1.Container",
        field("name", TEXT),
        field("image", TEXT),
        field("args", list(TEXT)),
        field("resources", struct("Resources", field("limits", mapOf(TEXT)))),
        field(
            "env",
            listMap(struct("EnvVar", field("name", TEXT), field("value", TEXT)), "name"),
            PatchStrategy.MERGE,
            "name"),
        field(
            "ports",
            listMap(
                struct(
                    "ContainerPort",
                    field("containerPort", INTEGER),
                    field("name", TEXT),
                    defaulted("protocol", TextNode.valueOf("TCP"))),
                "containerPort",
                "protocol"),
            PatchStrategy.MERGE,
            "containerPort"));
  }

  private static Schema.Struct podSpec() {
    Schema volume =
        struct(
            "io.k8s.api.core.v1.Volume",
            field("name", TEXT),
            field("emptyDir", struct("EmptyDir", field("medium", TEXT))),
            field("hostPath", struct("HostPath", field("path", TEXT))));
    return struct(
        "io.k8s.api.core.v1.PodSpec",
        required("containers", listMap(container(), "name"), PatchStrategy.MERGE, "name"),
        field("volumes", listMap(volume, "name"), PatchStrategy.MERGE_RETAIN_KEYS, "name"),
        field("nodeSelector", new Schema.MapOf(TEXT, Merge.ATOMIC)),
        field(
            "tolerations", list(struct("Toleration", field("key", TEXT), field("effect", TEXT)))));
  }

  private static Schema.Struct deployment() {
    Schema selector =
        struct("LabelSelector", Merge.ATOMIC, Unknown.PRUNED, field("matchLabels", mapOf(TEXT)));
    Schema strategy =
        struct(
            "DeploymentStrategy",
            field("type", TEXT),
            field("rollingUpdate", struct("RollingUpdate", field("maxSurge", TEXT))));
    Schema template =
        struct(
            "io.k8s.api.core.v1.PodTemplateSpec",
            field("metadata", metadata()),
            field("spec", podSpec()));
    return struct(
        "io.k8s.api.apps.v1.Deployment",
        field("apiVersion", TEXT),
        field("kind", TEXT),
        field("metadata", metadata()),
        field(
            "spec",
            struct(
                "io.k8s.api.apps.v1.DeploymentSpec",
                field("replicas", INTEGER),
                field("paused", new Schema.Scalar(ScalarKind.BOOLEAN)),
                field("selector", selector),
                field("strategy", strategy, PatchStrategy.RETAIN_KEYS, ""),
                field("extra", new Schema.Any()),
                field("groups", mapOf(list(TEXT))),
                required("template", template, PatchStrategy.REPLACE, ""))),
        field(
            "status",
            struct(
                "io.k8s.api.apps.v1.DeploymentStatus",
                field("replicas", INTEGER),
                field(
                    "conditions",
                    listMap(
                        struct("Condition", field("type", TEXT), field("status", TEXT)), "type"),
                    PatchStrategy.MERGE,
                    "type"))));
  }
}
