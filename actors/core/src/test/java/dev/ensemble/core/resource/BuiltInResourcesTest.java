package dev.ensemble.core.resource;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ensemble.core.object.ResourceName;
import dev.ensemble.core.schema.ApiKind;
import dev.ensemble.core.schema.Schema;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class BuiltInResourcesTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private final ResourceTypes types = BuiltInResources.types();

  @Test
  void theStoredResourcesAreThese() {
    assertThat(types.stored().stream().map(type -> type.name().toString()))
        .containsExactlyInAnyOrder(
            "configmaps",
            "endpoints",
            "events",
            "namespaces",
            "nodes",
            "pods",
            "secrets",
            "serviceaccounts",
            "services",
            "deployments.apps",
            "replicasets.apps",
            "leases.coordination.k8s.io",
            "endpointslices.discovery.k8s.io");
  }

  @Test
  void everySubresourceNamedIsKnown() {
    for (ResourceType type : types.all()) {
      for (String name : type.subresources()) {
        assertThat(types.subresource(type, name)).as(type.name() + "/" + name).isPresent();
      }
    }
    ResourceType deployments = types.byPath("apps/v1", "deployments").orElseThrow();
    assertThat(types.subresource(deployments, "scale").orElseThrow().kind())
        .isEqualTo(ApiKind.of("autoscaling/v1", "Scale"));
    assertThat(types.subresource(deployments, "status").orElseThrow().kind())
        .isEqualTo(ApiKind.of("apps/v1", "Deployment"));
    assertThat(types.subresource(deployments, "log")).isEmpty();
  }

  /** A selector on a field that is not in the schema would select nothing, in silence. */
  @Test
  void everySelectableFieldIsInTheSchema() {
    for (ResourceType type : types.all()) {
      for (String path : type.selectableFields()) {
        Schema schema = type.schema();
        for (String part : path.split("\\.", -1)) {
          schema = ((Schema.Struct) schema).field(part).orElseThrow().schema();
        }
        boolean leaf =
            schema instanceof Schema.Scalar
                || schema instanceof Schema.ListOf
                || path.equals("source");
        assertThat(leaf).as(type.name() + " " + path).isTrue();
      }
    }
  }

  @Test
  void everyResourcePrintsItsColumns() {
    for (ResourceType type : types.all()) {
      assertThat(type.columns()).as(type.name().toString()).isNotEmpty();
    }
    assertThat(types.byPath("v1", "pods").orElseThrow().columns().stream())
        .extracting(ResourceType.Column::name)
        .contains("Name", "Ready", "Status", "Restarts", "Age");
  }

  @Test
  void onlySecretsAreSealed() {
    Set<String> sealed =
        types.all().stream()
            .filter(type -> type.secrecy() == ResourceType.Secrecy.SEALED)
            .map(type -> type.name().toString())
            .collect(Collectors.toSet());
    assertThat(sealed).containsExactly("secrets");
  }

  @Test
  void anEventHasTwoFacesAndOneStoredForm() throws Exception {
    ResourceType served = types.byPath("events.k8s.io/v1", "events").orElseThrow();
    assertThat(types.byName(served.name())).isEmpty();
    Face face = types.face(served).orElseThrow();
    assertThat(face.stored()).isEqualTo(ResourceName.parse("events"));
    assertThat(types.storedName(served)).isEqualTo(ResourceName.parse("events"));
    assertThat(face.storedPath("regarding.name")).isEqualTo("involvedObject.name");

    ObjectNode event =
        (ObjectNode)
            JSON.readTree(
                """
                {"apiVersion":"events.k8s.io/v1","kind":"Event","metadata":{"name":"a"},
                 "note":"n","regarding":{"kind":"Pod"},"reason":"R","deprecatedCount":2}
                """);
    ObjectNode stored =
        (ObjectNode)
            JSON.readTree(
                """
                {"apiVersion":"v1","kind":"Event","metadata":{"name":"a"},
                 "message":"n","involvedObject":{"kind":"Pod"},"reason":"R","count":2}
                """);
    assertThat(face.toStored(event)).isEqualTo(stored);
    assertThat(face.toServed(stored)).isEqualTo(event);
  }

  /** What one face cannot say would be lost when it is written through that face. */
  @Test
  void theTwoFacesOfAnEventHaveTheSameFields() {
    ResourceType served = types.byPath("events.k8s.io/v1", "events").orElseThrow();
    ResourceType stored = types.byPath("v1", "events").orElseThrow();
    Face face = types.face(served).orElseThrow();
    assertThat(served.schema().fields().keySet().stream().map(face::storedPath))
        .containsExactlyInAnyOrderElementsOf(stored.schema().fields().keySet());
  }
}
