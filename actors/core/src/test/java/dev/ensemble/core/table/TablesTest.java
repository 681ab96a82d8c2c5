package dev.ensemble.core.table;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ensemble.core.object.ResourceName;
import dev.ensemble.core.resource.ResourceType.Column;
import dev.ensemble.core.validation.Objects;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TablesTest {
  private static final Instant NOW = Instant.parse("2026-01-02T00:00:00Z");
  private static final String META =
      "'metadata':{'name':'a','creationTimestamp':'2026-01-01T00:00:00Z'}";

  private static String cells(String resource, String object) {
    ArrayNode cells =
        Tables.cells(ResourceName.parse(resource), Objects.json("{" + object + "}"), NOW);
    assertThat(cells).hasSize(Columns.of(ResourceName.parse(resource)).size());
    List<String> texts = new ArrayList<>();
    cells.forEach(cell -> texts.add(cell.asText()));
    return String.join(" | ", texts);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "{'phase':'Pending'} | 0/2, Pending, 0",
        "{'phase':'Failed','reason':'Evicted'} | 0/2, Evicted, 0",
        "{'phase':'Running','containerStatuses':[{'ready':true,'restartCount':3,'state':{'running':"
            + "{}},'lastState':{'terminated':{'finishedAt':'2026-01-01T23:55:00Z'}}},"
            + "{'ready':false,'restartCount':0,'state':{'waiting':{'reason':'CrashLoopBackOff'}}}]}"
            + " | 1/2, CrashLoopBackOff, 3 (5m ago)",
        "{'phase':'Running','containerStatuses':[{'state':{'terminated':{'exitCode':0,"
            + "'reason':'Completed'}}},{'ready':true,'state':{'running':{}}}]} | 1/2, NotReady, 0",
        "{'phase':'Running','conditions':[{'type':'Ready','status':'True'}],'containerStatuses':["
            + "{'state':{'terminated':{'exitCode':0,'reason':'Completed'}}},"
            + "{'ready':true,'state':{'running':{}}}]} | 1/2, Running, 0",
        "{'phase':'Succeeded','containerStatuses':[{'state':{'terminated':{'exitCode':0,"
            + "'reason':'Completed'}}}]} | 0/2, Completed, 0",
        "{'phase':'Running','containerStatuses':[{'state':{'terminated':{'exitCode':0,"
            + "'signal':9}}}]} | 0/2, Signal:9, 0",
        "{'phase':'Running','containerStatuses':[{'state':{'terminated':{'exitCode':7}}}]} | 0/2,"
            + " ExitCode:7, 0",
        "{'phase':'Pending','conditions':[{'type':'PodScheduled','status':'False',"
            + "'reason':'SchedulingGated'}]} | 0/2, SchedulingGated, 0"
      })
  void podsThatRun(String status, String expected) {
    String spec = "'spec':{'containers':[{'name':'x'},{'name':'y'}]}";
    String[] wanted = expected.split(", ", -1);
    assertThat(cells("pods", META + "," + spec + ",'status':" + status))
        .isEqualTo(
            String.join(
                " | ", "a", wanted[0], wanted[1], wanted[2], "24h", "<none>", "<none>", "<none>",
                "<none>"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "{'phase':'Pending','initContainerStatuses':[{'name':'i','state':{'running':{}}}]} | 0/2,"
            + " Init:0/2, 0",
        "{'phase':'Pending','initContainerStatuses':[{'name':'i','restartCount':2,'state':{"
            + "'waiting':{'reason':'CrashLoopBackOff'}}}]} | 0/2, Init:CrashLoopBackOff, 2",
        "{'phase':'Pending','initContainerStatuses':[{'name':'i','state':{'waiting':"
            + "{'reason':'PodInitializing'}}}]} | 0/2, Init:0/2, 0",
        "{'phase':'Pending','initContainerStatuses':[{'name':'i','state':{'terminated':"
            + "{'exitCode':1}}}]} | 0/2, Init:ExitCode:1, 0",
        "{'phase':'Pending','initContainerStatuses':[{'name':'i','restartCount':4,'state':"
            + "{'terminated':{'exitCode':0}}},{'name':'s','started':true,'ready':true,"
            + "'restartCount':1,'state':{'running':{}}}],'containerStatuses':[{'name':'x',"
            + "'state':{'waiting':{'reason':'ContainerCreating'}}}]} | 1/2, ContainerCreating, 1"
      })
  void podsThatInitialize(String status, String expected) {
    String spec =
        "'spec':{'containers':[{'name':'x'}],'initContainers':[{'name':'i'},"
            + "{'name':'s','restartPolicy':'Always'}]}";
    String row = cells("pods", META + "," + spec + ",'status':" + status);
    assertThat(row).startsWith("a | " + expected.replace(", ", " | ") + " | 24h | ");
  }

  @Test
  void podsThatGo() {
    String going =
        "'metadata':{'name':'a','deletionTimestamp':'2026-01-01T00:00:00Z'},"
            + "'spec':{'containers':[{}]},'status':{'phase':'%s','reason':'%s'}";
    assertThat(cells("pods", going.formatted("Running", "")))
        .startsWith("a | 0/1 | Terminating | 0 | <unknown>");
    assertThat(cells("pods", going.formatted("Running", "NodeLost")))
        .startsWith("a | 0/1 | Unknown |");
    assertThat(cells("pods", going.formatted("Succeeded", ""))).startsWith("a | 0/1 | Succeeded |");
  }

  @Test
  void podsWide() {
    assertThat(
            cells(
                "pods",
                META
                    + ",'spec':{'nodeName':'n','readinessGates':[{'conditionType':'c'},"
                    + "{'conditionType':'d'}]},'status':{'phase':'Running','podIPs':[{'ip':'::1'}],"
                    + "'nominatedNodeName':'m','conditions':[{'type':'d','status':'True'}]}"))
        .isEqualTo("a | 0/0 | Running | 0 | 24h | ::1 | n | m | 1/2");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '~',
      value = {
        "services; 'spec':{'type':'ClusterIP','clusterIPs':['10.0.0.1'],'ports':[{'port':80,"
            + "'protocol':'TCP'},{'port':53,'nodePort':30053,'protocol':'UDP'}],"
            + "'selector':{'b':'2','a':'1'}};"
            + " a | ClusterIP | 10.0.0.1 | <none> | 80/TCP,53:30053/UDP | 24h | a=1,b=2",
        "services; 'spec':{'type':'LoadBalancer','clusterIP':'10.0.0.1'};"
            + " a | LoadBalancer | 10.0.0.1 | <pending> | <none> | 24h | <none>",
        "services; 'spec':{'type':'LoadBalancer','clusterIP':'10.0.0.1','externalIPs':['192.0.2.9']"
            + "},'status':{'loadBalancer':{'ingress':[{'ip':'192.0.2.1'},{'hostname':'h'}]}};"
            + " a | LoadBalancer | 10.0.0.1 | 192.0.2.1,h,192.0.2.9 | <none> | 24h | <none>",
        "services; 'spec':{'type':'ExternalName','externalName':'e.example'};"
            + " a | ExternalName | <none> | e.example | <none> | 24h | <none>",
        "endpoints; 'subsets':[{'addresses':[{'ip':'10.0.0.1'},{'ip':'10.0.0.2'}],"
            + "'ports':[{'port':80},{'port':81}]},{'addresses':[{'ip':'::1'}],'ports':[{'port':1}]}];"
            + " a | 10.0.0.1:80,10.0.0.2:80,10.0.0.1:81 + 2 more... | 24h",
        "endpoints; 'subsets':[]; a | <none> | 24h",
        "endpointslices.discovery.k8s.io; 'addressType':'IPv4','ports':[{'port':80},{'name':'x'}],"
            + "'endpoints':[{'addresses':['10.0.0.1']}]; a | IPv4 | 80,x | 10.0.0.1 | 24h",
        "endpointslices.discovery.k8s.io; 'addressType':'IPv4';"
            + " a | IPv4 | <unset> | <unset> | 24h",
        "namespaces; 'status':{'phase':'Active'}; a | Active | 24h",
        "secrets; 'type':'Opaque','data':{'x':'','y':''}; a | Opaque | 2 | 24h",
        "configmaps; 'data':{'x':''},'binaryData':{'y':''}; a | 2 | 24h",
        "serviceaccounts; 'secrets':[{}]; a | 24h",
        "leases.coordination.k8s.io; 'spec':{'holderIdentity':'me'}; a | me | 24h",
        "widgets.example.com; 'x':1; a | 24h",
        "deployments.apps; 'spec':{'replicas':3,'selector':{'matchLabels':{'app':'w'},"
            + "'matchExpressions':[{'key':'t','operator':'In','values':['b','a']}]},'template':"
            + "{'spec':{'containers':[{'name':'x','image':'i'},{'name':'y','image':'j'}]}}},"
            + "'status':{'readyReplicas':1,'updatedReplicas':2};"
            + " a | 1/3 | 2 | 0 | 24h | x,y | i,j | app=w,t in (a,b)",
        "replicasets.apps; 'spec':{'replicas':3,'selector':{}},'status':{'replicas':2,"
            + "'readyReplicas':1}; a | 3 | 2 | 1 | 24h |  |  | <none>"
      })
  void otherKinds(String resource, String object, String row) {
    assertThat(cells(resource, META + "," + object)).isEqualTo(row);
  }

  @Test
  void nodes() {
    assertThat(
            cells(
                "nodes",
                "'metadata':{'name':'n','creationTimestamp':'2026-01-01T00:00:00Z','labels':{"
                    + "'node-role.kubernetes.io/worker':'','node-role.kubernetes.io/edge':''}},"
                    + "'spec':{'unschedulable':true},'status':{'conditions':[{'type':'Ready',"
                    + "'status':'True'}],'nodeInfo':{'kubeletVersion':'v1.35.0','osImage':'OS 1'},"
                    + "'addresses':[{'type':'InternalIP','address':'10.0.0.1'}]}"))
        .isEqualTo(
            "n | Ready,SchedulingDisabled | edge,worker | 24h | v1.35.0 | 10.0.0.1 | <none> | OS 1"
                + " | <unknown> | <unknown>");
    assertThat(cells("nodes", META)).startsWith("a | Unknown | <none> | 24h |  | <none> |");
  }

  @Test
  void eventsOfBothForms() {
    assertThat(
            cells(
                "events",
                META
                    + ",'type':'Normal','reason':'Pulled','involvedObject':{'kind':'Pod',"
                    + "'name':'web','fieldPath':'spec.containers{x}'},'source':{'component':'agent','host':'n1'},'message':'"
                    + " done\\n"
                    + "','firstTimestamp':'2026-01-01T23:00:00Z',"
                    + "'lastTimestamp':'2026-01-01T23:59:00Z','count':4"))
        .isEqualTo(
            "60s | Normal | Pulled | pod/web | spec.containers{x} | agent, n1 | done | 60m | 4 |"
                + " a");
    assertThat(
            cells(
                "events.events.k8s.io",
                META
                    + ",'type':'Warning','reason':'Bad','regarding':{'kind':'Node'},"
                    + "'reportingController':'c','reportingInstance':'i','note':'oh',"
                    + "'eventTime':'2026-01-01T23:59:00.000000Z'"))
        .isEqualTo("60s | Warning | Bad | node |  | c, i | oh | 60s | 1 | a");
  }

  @Test
  void aTableCarriesColumnsRowsAndAsMuchOfTheObjectsAsIsAsked() {
    ObjectNode object =
        Objects.json("{'kind':'Pod','metadata':{'name':'a'},'status':{'phase':'Failed'}}");
    List<Column> columns = List.of(new Column("Name", "string", "name", "d", 0));
    Tables.Row row = new Tables.Row(object.arrayNode().add("a"), object);
    ObjectNode meta = Objects.json("{'resourceVersion':'5'}");

    String frame =
        "{'kind':'Table','apiVersion':'meta.k8s.io/v1','metadata':{'resourceVersion':'5'},"
            + "'columnDefinitions':%s,'rows':[{'cells':['a'],'conditions':[{'type':'Completed',"
            + "'status':'True','reason':'Failed','message':'The pod failed.'}],'object':%s}]}";
    String definitions =
        "[{'name':'Name','type':'string','format':'name','description':'d','priority':0}]";
    assertThat(Tables.table(columns, List.of(row), Tables.IncludeObject.METADATA, meta))
        .isEqualTo(
            Objects.json(
                frame.formatted(
                    definitions,
                    "{'kind':'PartialObjectMetadata','apiVersion':'meta.k8s.io/v1',"
                        + "'metadata':{'name':'a'}}")));
    assertThat(Tables.table(columns, List.of(row), Tables.IncludeObject.OBJECT, meta))
        .isEqualTo(Objects.json(frame.formatted(definitions, object)));
    assertThat(Tables.continued(List.of(row), Tables.IncludeObject.NONE, meta))
        .isEqualTo(Objects.json(frame.formatted("null", "null")));
  }
}
