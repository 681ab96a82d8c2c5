package dev.ensemble.core.discovery;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ensemble.core.resource.BuiltInResources;
import dev.ensemble.core.schema.ApiKind;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;

class DiscoveryDocumentsTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String VERBS =
      "['create','delete','deletecollection','get','list','patch','update','watch']";

  private final DiscoveryDocuments documents = new DiscoveryDocuments(BuiltInResources.types());
  private final AggregatedDiscovery aggregated = new AggregatedDiscovery(BuiltInResources.types());

  private static JsonNode json(String text) throws Exception {
    return JSON.readTree(text.replace('\'', '"'));
  }

  private static JsonNode named(ObjectNode list, String name) {
    return StreamSupport.stream(list.get("resources").spliterator(), false)
        .filter(entry -> entry.get("name").asText().equals(name))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void aVersionListsItsResourcesAndWhatIsBelowThem() throws Exception {
    assertThat(documents.resources("apps/v1"))
        .contains(
            (ObjectNode)
                json(
                    """
                    {'kind':'APIResourceList','apiVersion':'v1','groupVersion':'apps/v1','resources':[
                     {'name':'deployments','singularName':'deployment','namespaced':true,
                      'kind':'Deployment','verbs':VERBS,'shortNames':['deploy'],
                      'categories':['all'],'storageVersionHash':'8aSe+NMegvE='},
                     {'name':'deployments/scale','singularName':'','namespaced':true,
                      'group':'autoscaling','version':'v1','kind':'Scale',
                      'verbs':['get','patch','update']},
                     {'name':'deployments/status','singularName':'','namespaced':true,
                      'kind':'Deployment','verbs':['get','patch','update']},
                     {'name':'replicasets','singularName':'replicaset','namespaced':true,
                      'kind':'ReplicaSet','verbs':VERBS,'shortNames':['rs'],
                      'categories':['all'],'storageVersionHash':'P1RzHs8/mWQ='},
                     {'name':'replicasets/scale','singularName':'','namespaced':true,
                      'group':'autoscaling','version':'v1','kind':'Scale',
                      'verbs':['get','patch','update']},
                     {'name':'replicasets/status','singularName':'','namespaced':true,
                      'kind':'ReplicaSet','verbs':['get','patch','update']}]}
                    """
                        .replace("VERBS", VERBS)));
    assertThat(documents.resources("apps/v2")).isEmpty();
  }

  /** The published hashes of upstream, which clients compare. */
  @Test
  void storageHashesAreThoseOfUpstream() {
    assertThat(DiscoveryDocuments.storageVersionHash(ApiKind.of("v1", "Pod")))
        .isEqualTo("xPOwRZ+Yhw8=");
    assertThat(named(documents.resources("events.k8s.io/v1").orElseThrow(), "events"))
        .isEqualTo(named(documents.resources("v1").orElseThrow(), "events"));
    assertThat(
            named(documents.resources("v1").orElseThrow(), "events")
                .get("storageVersionHash")
                .asText())
        .isEqualTo("r2yiGXH7wu8=");
  }

  @Test
  void drainFindsEviction() throws Exception {
    assertThat(named(documents.resources("v1").orElseThrow(), "pods/eviction"))
        .isEqualTo(
            json(
                "{'name':'pods/eviction','singularName':'','namespaced':true,'group':'policy',"
                    + "'version':'v1','kind':'Eviction','verbs':['create']}"));
    assertThat(documents.group("policy"))
        .contains(
            (ObjectNode)
                json(
                    "{'kind':'APIGroup','apiVersion':'v1','name':'policy','versions':["
                        + "{'groupVersion':'policy/v1','version':'v1'}],'preferredVersion':"
                        + "{'groupVersion':'policy/v1','version':'v1'}}"));
  }

  @Test
  void versionsAndGroupsNameWhatIsServed() throws Exception {
    assertThat(documents.versions("10.0.0.1:6443"))
        .isEqualTo(
            json(
                "{'kind':'APIVersions','versions':['v1'],'serverAddressByClientCIDRs':["
                    + "{'clientCIDR':'0.0.0.0/0','serverAddress':'10.0.0.1:6443'}]}"));
    assertThat(documents.groups().get("groups").findValuesAsText("name"))
        .containsExactly(
            "apps",
            "authentication.k8s.io",
            "authorization.k8s.io",
            "coordination.k8s.io",
            "discovery.k8s.io",
            "events.k8s.io",
            "policy");
  }

  @Test
  void aggregatedDiscoverySaysTheSameInOneDocument() throws Exception {
    JsonNode apps =
        StreamSupport.stream(
                aggregated.groups(AggregatedDiscovery.Version.V2).get("items").spliterator(), false)
            .filter(item -> item.at("/metadata/name").asText().equals("apps"))
            .findFirst()
            .orElseThrow();
    assertThat(apps.at("/versions/0/resources/0"))
        .isEqualTo(
            json(
                """
                {'resource':'deployments','responseKind':
                 {'group':'apps','version':'v1','kind':'Deployment'},'scope':'Namespaced',
                 'singularResource':'deployment','verbs':VERBS,'shortNames':['deploy'],
                 'categories':['all'],'subresources':[
                  {'subresource':'scale','responseKind':
                   {'group':'autoscaling','version':'v1','kind':'Scale'},
                   'verbs':['get','patch','update']},
                  {'subresource':'status','responseKind':
                   {'group':'apps','version':'v1','kind':'Deployment'},
                   'verbs':['get','patch','update']}]}
                """
                    .replace("VERBS", VERBS)));
    ObjectNode core = aggregated.core(AggregatedDiscovery.Version.V2BETA1);
    assertThat(core.get("apiVersion").asText()).isEqualTo("apidiscovery.k8s.io/v2beta1");
    assertThat(core.at("/items/0/versions/0/resources").findValuesAsText("resource"))
        .contains("bindings", "pods", "nodes");
  }
}
