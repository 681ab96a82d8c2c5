package dev.ensemble.core.openapi;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.ensemble.core.resource.BuiltInResources;
import dev.ensemble.core.schema.Definitions;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;

class OpenApiDocumentsTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final OpenApiDocuments DOCUMENTS =
      new OpenApiDocuments(BuiltInResources.types(), Definitions.builtIn(), "v1.35.0");
  private static final String SCHEMAS = "/components/schemas/";

  private static JsonNode v3(String path) throws Exception {
    return JSON.readTree(DOCUMENTS.v3(path).orElseThrow());
  }

  private static JsonNode json(String text) throws Exception {
    return JSON.readTree(text.replace('\'', '"'));
  }

  private static Set<String> parameters(JsonNode operation) {
    return StreamSupport.stream(operation.path("parameters").spliterator(), false)
        .map(parameter -> parameter.get("name").asText())
        .collect(Collectors.toCollection(TreeSet::new));
  }

  @Test
  void theIndexLeadsToDocumentsByTheirHash() {
    JsonNode paths = DOCUMENTS.index().get("paths");
    paths
        .fields()
        .forEachRemaining(
            entry ->
                assertThat(entry.getValue().get("serverRelativeURL").asText())
                    .isEqualTo(
                        "/openapi/v3/%s?hash=%s",
                        entry.getKey(),
                        OpenApiDocuments.hash(DOCUMENTS.v3(entry.getKey()).orElseThrow())));
    assertThat(paths.has("api/v1")).isTrue();
    assertThat(paths.has("apis/apps/v1")).isTrue();
    assertThat(DOCUMENTS.v3("apis/apps/v2")).isEmpty();
  }

  /** What client-side apply and server-side apply in clients read. */
  @Test
  void aListSaysHowItIsMerged() throws Exception {
    JsonNode core = v3("api/v1");
    assertThat(core.at(SCHEMAS + "io.k8s.api.core.v1.Container/properties/ports"))
        .isEqualTo(
            json(
                "{'type':'array','items':{'$ref':"
                    + "'#/components/schemas/io.k8s.api.core.v1.ContainerPort'},"
                    + "'x-kubernetes-list-type':'map','x-kubernetes-list-map-keys':"
                    + "['containerPort','protocol'],'x-kubernetes-patch-merge-key':"
                    + "'containerPort','x-kubernetes-patch-strategy':'merge'}"));
    assertThat(core.at(SCHEMAS + "io.k8s.api.core.v1.ContainerPort/properties/protocol"))
        .isEqualTo(json("{'type':'string','default':'TCP'}"));
    assertThat(
            v3("apis/apps/v1")
                .at(SCHEMAS + "io.k8s.api.apps.v1.DeploymentSpec/properties/strategy"))
        .isEqualTo(
            json(
                "{'allOf':[{'$ref':'#/components/schemas/io.k8s.api.apps.v1.DeploymentStrategy'}],"
                    + "'x-kubernetes-patch-strategy':'retainKeys'}"));
  }

  /** kubectl decides by these whether the server validates and can dry-run. */
  @Test
  void writesOfferDryRunAndFieldValidation() throws Exception {
    JsonNode item =
        v3("apis/apps/v1")
            .at("/paths")
            .get("/apis/apps/v1/namespaces/{namespace}/deployments/{name}");
    assertThat(parameters(item.get("patch")))
        .containsExactly("dryRun", "fieldManager", "fieldValidation", "force");
    assertThat(parameters(item.get("put")))
        .containsExactly("dryRun", "fieldManager", "fieldValidation");
    assertThat(item.at("/patch/x-kubernetes-action").asText()).isEqualTo("patch");
    assertThat(item.at("/patch/x-kubernetes-group-version-kind"))
        .isEqualTo(json("{'group':'apps','version':'v1','kind':'Deployment'}"));
    assertThat(item.at("/get/operationId").asText()).isEqualTo("readAppsV1NamespacedDeployment");
  }

  @Test
  void everyReferenceLeadsSomewhere() throws Exception {
    DOCUMENTS
        .index()
        .get("paths")
        .fieldNames()
        .forEachRemaining(
            path -> {
              try {
                JsonNode document = v3(path);
                for (String ref : document.findValuesAsText("$ref")) {
                  assertThat(document.at(ref.substring(1)).isObject()).as(ref).isTrue();
                }
              } catch (Exception e) {
                throw new IllegalStateException(path, e);
              }
            });
    JsonNode v2 = DOCUMENTS.v2();
    for (String ref : v2.findValuesAsText("$ref")) {
      assertThat(v2.at(ref.substring(1)).isObject()).as(ref).isTrue();
    }
  }

  /** Clients generated from the description name their methods by it. */
  @Test
  void operationIdsAreUnique() {
    assertThat(DOCUMENTS.v2().findValuesAsText("operationId")).doesNotHaveDuplicates();
  }
}
