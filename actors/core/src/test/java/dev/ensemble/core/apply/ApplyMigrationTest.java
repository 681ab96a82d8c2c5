package dev.ensemble.core.apply;

import static dev.ensemble.core.apply.ManagedFieldsTest.owners;
import static dev.ensemble.core.apply.ServerSideApplyTest.applied;
import static dev.ensemble.core.apply.ServerSideApplyTest.apply;
import static dev.ensemble.core.apply.ServerSideApplyTest.plain;
import static dev.ensemble.core.json.Json.json;
import static dev.ensemble.core.json.Json.object;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ensemble.core.apply.ApplyResult.Conflicted;
import dev.ensemble.core.schema.Schema;
import dev.ensemble.core.schema.Schemas;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Apply on objects that were not made by apply. */
class ApplyMigrationTest {
  private static final Schema.Struct SCHEMA = Schemas.DEPLOYMENT;
  private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");
  private static final Instant LATER = NOW.plusSeconds(60);
  private static final String KIND = "apiVersion:'apps/v1',kind:'Deployment'";

  @Test
  void anObjectOfUnknownOriginBelongsToWhatWasBeforeTheFirstApply() {
    ObjectNode live =
        object("{" + KIND + ",metadata:{name:'web',uid:'u'},spec:{replicas:1,paused:true}}");
    assertThat(apply(Optional.of(live), "{spec:{replicas:2}}", "ci"))
        .isEqualTo(
            new Conflicted(
                List.of(
                    new Conflict(
                        "before-first-apply",
                        "Update",
                        "apps/v1",
                        "",
                        Optional.of("2026-01-02T03:04:05Z"),
                        ".spec.replicas"))));
    ObjectNode after = applied(Optional.of(live), "{spec:{replicas:1}}", "ci");
    assertThat(owners(after)).isEqualTo("ci Apply, before-first-apply Update");
    assertThat(entry(after, 1).get("fieldsV1"))
        .isEqualTo(json("{'f:spec':{'f:paused':{},'f:replicas':{}}}"));
  }

  @Test
  void updatesTakeFieldsFromAppliersAndGiveThemBackByForceOnly() {
    ObjectNode live = applied(Optional.empty(), "{spec:{replicas:1}}", "ci");
    ObjectNode scaled = live.deepCopy();
    ((ObjectNode) scaled.get("spec")).put("replicas", 5);
    ObjectNode updated =
        ManagedFields.afterUpdate(
            Optional.of(live), scaled, FieldOwner.of("hpa", "apps/v1"), LATER, SCHEMA);
    assertThat(owners(updated)).isEqualTo("hpa Update");
    assertThat(apply(Optional.of(updated), "{spec:{replicas:1}}", "ci"))
        .isInstanceOf(Conflicted.class);
    assertThat(plain(applied(Optional.of(updated), "{}", "ci")))
        .isEqualTo(json("{spec:{replicas:5}}"));
  }

  @Test
  void kubectlMovesFromClientSideApplyWithoutConflictsOverItsOwnFields() {
    String last =
        "{\\\"apiVersion\\\":\\\"apps/v1\\\",\\\"kind\\\":\\\"Deployment\\\","
            + "\\\"spec\\\":{\\\"replicas\\\":1}}";
    ObjectNode created =
        object(
            "{"
                + KIND
                + ",metadata:{annotations:{'kubectl.kubernetes.io/last-applied-configuration':\""
                + last
                + "\"}},spec:{replicas:1}}");
    ObjectNode live =
        ManagedFields.afterUpdate(
            Optional.empty(),
            created,
            FieldOwner.of("kubectl-client-side-apply", "apps/v1"),
            NOW,
            SCHEMA);
    assertThat(apply(Optional.of(live), "{spec:{replicas:2}}", "other"))
        .isInstanceOf(Conflicted.class);
    ObjectNode after = applied(Optional.of(live), "{spec:{replicas:2}}", "kubectl");
    assertThat(after.at("/spec/replicas")).isEqualTo(json("2"));
    assertThat(
            after
                .at("/metadata/annotations")
                .get("kubectl.kubernetes.io/last-applied-configuration")
                .asText())
        .isEqualTo(
            "{\"apiVersion\":\"apps/v1\",\"kind\":\"Deployment\",\"spec\":{\"replicas\":2}}\n");
    ObjectNode changed = live.deepCopy();
    ((ObjectNode) changed.get("spec")).put("replicas", 7);
    ObjectNode byOther =
        ManagedFields.afterUpdate(
            Optional.of(live), changed, FieldOwner.of("hpa", "apps/v1"), NOW, SCHEMA);
    assertThat(apply(Optional.of(byOther), "{spec:{replicas:2}}", "kubectl"))
        .isInstanceOf(Conflicted.class);
  }

  @Test
  void kubectlsSecondPatchHandsTheFieldsOfClientSideApplyOver() {
    ObjectNode live =
        ManagedFields.afterUpdate(
            Optional.empty(),
            object("{" + KIND + ",spec:{replicas:1,paused:true}}"),
            FieldOwner.of("kubectl-client-side-apply", "apps/v1"),
            NOW,
            SCHEMA);
    ObjectNode migrated = live.deepCopy();
    ((ObjectNode) entry(migrated, 0)).put("manager", "kubectl").put("operation", "Apply");
    ObjectNode patched =
        ManagedFields.afterUpdate(
            Optional.of(live), migrated, FieldOwner.of("kubectl", "apps/v1"), LATER, SCHEMA);
    assertThat(owners(patched)).isEqualTo("kubectl Apply");
    assertThat(plain(applied(Optional.of(patched), "{spec:{replicas:1}}", "kubectl")))
        .isEqualTo(json("{spec:{replicas:1}}"));
  }

  private static JsonNode entry(ObjectNode object, int index) {
    return object.at("/metadata/managedFields").get(index);
  }
}
