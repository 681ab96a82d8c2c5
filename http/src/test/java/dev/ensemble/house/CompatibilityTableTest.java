package dev.ensemble.house;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.ensemble.core.discovery.DiscoveryDocuments;
import dev.ensemble.core.resource.BuiltInResources;
import dev.ensemble.core.resource.ResourceTypes;
import dev.ensemble.http.testing.TestServer;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class CompatibilityTableTest {
  private static final String PAGE_NOT_FOUND = "404 page not found";

  @Test
  void theTableInTheDocumentIsWhatTheCodeServes() {
    assertThat(CompatibilityTable.inFile())
        .as(
            "docs/compatibility.md is not what is served. After a build write it again with: java"
                + " -cp 'http/target/test-classes:http/target/lib/*'"
                + " dev.ensemble.house.CompatibilityTable ; then look at the notes below the table")
        .isEqualTo(CompatibilityTable.generate());
  }

  @Test
  void whatDiscoveryNamesTheServerKnows() throws Exception {
    Set<String> unknown = new TreeSet<>();
    TestServer server = TestServer.start();
    try {
      ResourceTypes types = BuiltInResources.types();
      for (String apiVersion : types.apiVersions()) {
        for (JsonNode resource :
            new DiscoveryDocuments(types).resources(apiVersion).orElseThrow().path("resources")) {
          if (isUnknown(server, apiVersion, resource)) {
            unknown.add(apiVersion + " " + resource.path("name").asText());
          }
        }
      }
    } finally {
      server.close();
    }
    assertThat(unknown).isEmpty();
  }

  /** Asks for each verb of a resource or subresource of an object that is not there. */
  private static boolean isUnknown(TestServer server, String apiVersion, JsonNode resource)
      throws Exception {
    String[] name = resource.path("name").asText().split("/", -1);
    String path =
        (apiVersion.contains("/") ? "/apis/" : "/api/")
            + apiVersion
            + (resource.path("namespaced").asBoolean() ? "/namespaces/default/" : "/")
            + name[0]
            + (name.length > 1 ? "/nobody/" + name[1] : "");
    boolean unknown = true;
    for (JsonNode verb : resource.path("verbs")) {
      String method =
          switch (verb.asText()) {
            case "create" -> "POST";
            case "update" -> "PUT";
            case "patch" -> "PATCH";
            case "get", "list" -> "GET";
            // Watches do not end, deletions empty the store: what lists is known.
            default -> "";
          };
      if (!method.isEmpty()) {
        String answer = server.send(method, path, method.equals("GET") ? "" : "{}").body();
        unknown &= answer.strip().equals(PAGE_NOT_FOUND);
      }
    }
    return unknown;
  }
}
