package dev.ensemble.agent.core.service;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ServiceRulesTest {
  private static final NodeRange NODE =
      new NodeRange(
          "n", "t", "br", "10.42.0.0/24", "10.42.0.0/16", "10.43.0.0/16", Optional.of("eth0"));

  private static ObjectNode json(String text) {
    try {
      return (ObjectNode) new ObjectMapper().readTree(text.replace('\'', '"'));
    } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
      throw new IllegalArgumentException(e);
    }
  }

  private static ObjectNode service(String spec) {
    return json("{'metadata':{'name':'web','namespace':'d'},'spec':" + spec + "}");
  }

  private static ObjectNode slice(String endpoints) {
    return json(
        "{'metadata':{'name':'x','namespace':'d','labels':{'kubernetes.io/service-name':'web'}},"
            + "'addressType':'IPv4','ports':[{'name':'','port':8080}],'endpoints':"
            + endpoints
            + "}");
  }

  private static final ObjectNode TWO =
      slice(
          "[{'addresses':['10.42.0.3'],'nodeName':'n'},{'addresses':['10.42.1.4'],'nodeName':'m'}]");

  private static List<String> linesWith(ServiceRules rules, String part) {
    return rules.text().lines().filter(line -> line.contains(part)).toList();
  }

  @Test
  void clusterIpNodePortAndLoadBalancerLeadToEveryEndpoint() {
    ServiceRules rules =
        ServiceRules.first(
            NODE,
            List.of(
                service(
                    "{'type':'LoadBalancer','clusterIP':'10.43.0.9','ports':[{'port':80,'nodePort':30080}]}")),
            List.of(TWO));
    String id =
        rules.chains().stream()
            .filter(c -> c.startsWith("svc-"))
            .findFirst()
            .orElseThrow()
            .substring(4);
    String dnat =
        "meta l4proto tcp dnat ip addr . port to numgen random mod 2 map { 0 : 10.42.0.3 . 8080, 1"
            + " : 10.42.1.4 . 8080 }";
    assertThat(linesWith(rules, "dnat"))
        .containsExactly(
            "add rule ip t svc-" + id + " " + dnat, "add rule ip t ext-" + id + " " + dnat);
    assertThat(linesWith(rules, "add element"))
        .containsExactly(
            "add element ip t service-ips { 10.43.0.9 . tcp . 80 : goto svc-" + id + " }",
            "add element ip t node-ports { tcp . 30080 : goto ext-"
                + id
                + ", tcp . 80 : goto ext-"
                + id
                + " }",
            "add element ip t hairpins { 10.42.0.3 . 10.42.0.3 }");
  }

  @Test
  void connectionsOnLoopbackAreNotResetWhenTheNodeJoins() {
    ServiceRules rules =
        ServiceRules.first(
            NODE,
            List.of(service("{'clusterIP':'10.43.0.1','ports':[{'port':443}]}")),
            List.of(slice("[{'addresses':['127.0.0.1'],'nodeName':'n'}]")));
    assertThat(rules.text()).doesNotContain("127.0.0.1");
    assertThat(rules.chains()).isEmpty();
  }

  @Test
  void policyLocalUsesThisNodesEndpointsAndKeepsTheSource() {
    ServiceRules rules =
        ServiceRules.first(
            NODE,
            List.of(
                service(
                    "{'type':'NodePort','clusterIP':'10.43.0.9','externalTrafficPolicy':'Local',"
                        + "'ports':[{'port':80,'nodePort':30080}]}")),
            List.of(TWO));
    assertThat(linesWith(rules, " ext-").toString())
        .contains("mod 1 map { 0 : 10.42.0.3 . 8080 }")
        .contains("fib saddr type local meta mark set");
  }

  @Test
  void aServiceWithoutEndpointsHasNoChainAndTheGuardRejects() {
    ServiceRules rules =
        ServiceRules.first(
            NODE, List.of(service("{'clusterIP':'10.43.0.9','ports':[{'port':80}]}")), List.of());
    assertThat(rules.chains()).isEmpty();
    assertThat(linesWith(rules, "10.43.0.0/16"))
        .containsExactly(
            "add rule ip t guard-forward ip daddr 10.43.0.0/16 reject",
            "add rule ip t guard-output ip daddr 10.43.0.0/16 reject");
    assertThat(linesWith(rules, "eth0"))
        .containsExactly(
            "add rule ip t guard-forward oifname \"eth0\" ip daddr 10.42.0.0/16 reject");
  }

  @Test
  void affinitySetsOutliveAChangeAndGoWithTheirService() {
    ObjectNode sticky =
        service("{'clusterIP':'10.43.0.9','sessionAffinity':'ClientIP','ports':[{'port':80}]}");
    ServiceRules first = ServiceRules.first(NODE, List.of(sticky), List.of(TWO));
    assertThat(first.sets()).hasSize(2);
    ServiceRules same = ServiceRules.after(first, NODE, List.of(sticky), List.of(TWO));
    assertThat(linesWith(same, "delete")).isEmpty();
    ServiceRules gone = ServiceRules.after(same, NODE, List.of(), List.of());
    assertThat(linesWith(gone, "delete set")).hasSize(2);
    assertThat(linesWith(gone, "delete chain")).hasSize(3);
  }
}
