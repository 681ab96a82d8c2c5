package dev.ensemble.core.controller.endpoints;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ensemble.core.controller.Action;
import dev.ensemble.core.controller.PodFacts;
import dev.ensemble.core.controller.Simulation;
import dev.ensemble.core.entity.ObjectCommand;
import dev.ensemble.core.object.ObjectKey;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class ServiceReconcilerTest {
  private static final ObjectKey WEB = new ObjectKey(ServiceReconciler.SERVICES, "shop", "web");
  private static final String PLAIN =
      "{'clusterIP':'10.1.0.1','selector':{'app':'web'},'ports':[{'port':80}]}";

  private final Simulation world = new Simulation();
  private final Map<String, NodeFacts> nodes = new HashMap<>();

  private void service(String spec) {
    world.create(
        ServiceReconciler.SERVICES,
        Simulation.json(
            """
            {'apiVersion':'v1','kind':'Service',
             'metadata':{'name':'web','namespace':'shop','labels':{'team':'a'}},'spec':%s}
            """
                .formatted(spec)));
  }

  private void amend(String patch) {
    world.command(WEB, new ObjectCommand.Amend(Optional.empty(), Simulation.json(patch)));
  }

  private void pod(String name, String ip, String ready) {
    world.create(
        PodFacts.PODS,
        Simulation.json(
            """
            {'apiVersion':'v1','kind':'Pod',
             'metadata':{'name':'%s','namespace':'shop','labels':{'app':'web'}},
             'spec':{'nodeName':'n1','hostname':'%s','subdomain':'web','containers':[{'name':'c',
               'ports':[{'name':'http','containerPort':8080}]}]},
             'status':{'phase':'Running','podIPs':[{'ip':'%s'}],
               'conditions':[{'type':'Ready','status':'%s'}]}}
            """
                .formatted(name, name, ip, ready)));
  }

  private List<Action> pass() {
    List<Action> actions =
        ServiceReconciler.reconcile(
                new ServiceView(
                    world.get(WEB).orElseThrow(),
                    world.pods(),
                    world.all(ServiceReconciler.SLICES),
                    world.all(ServiceReconciler.ENDPOINTS).stream().findFirst(),
                    nodes))
            .actions();
    world.apply(actions);
    return actions;
  }

  @Test
  void aNamedPortIsTheContainersAndReadinessIsTold() {
    nodes.put("n1", new NodeFacts("n1", "zone-a", true, List.of("192.168.0.1")));
    service(
        "{'clusterIP':'None','selector':{'app':'web'},"
            + "'ports':[{'name':'web','port':80,'targetPort':'http','protocol':'TCP'}]}");
    pod("a", "10.0.0.1", "True");
    pod("b", "10.0.0.2", "False");
    pass();
    ObjectNode slice = world.all(ServiceReconciler.SLICES).get(0);
    assertThat(slice.path("ports"))
        .containsExactly(Simulation.json("{'name':'web','port':8080,'protocol':'TCP'}"));
    assertThat(slice.at("/metadata/labels"))
        .isEqualTo(
            Simulation.json(
                """
                {'team':'a','service.kubernetes.io/headless':'',
                 'kubernetes.io/service-name':'web',
                 'endpointslice.kubernetes.io/managed-by':'endpointslice-controller.k8s.io'}
                """));
    assertThat(slice.at("/endpoints/1"))
        .isEqualTo(
            Simulation.json(
                """
                {'addresses':['10.0.0.2'],
                 'conditions':{'ready':false,'serving':false,'terminating':false},
                 'hostname':'b','nodeName':'n1','zone':'zone-a',
                 'targetRef':{'kind':'Pod','namespace':'shop','name':'b','uid':'%s'}}
                """
                    .formatted(world.pods().get(1).meta().uid())));
    JsonNode subset = world.all(ServiceReconciler.ENDPOINTS).get(0).at("/subsets/0");
    assertThat(subset.path("addresses")).hasSize(1);
    assertThat(subset.path("notReadyAddresses")).hasSize(1);
    assertThat(pass()).isEmpty();
  }

  @Test
  void aServiceWithoutPodsHasOneEmptySliceThatIsUsedLater() {
    service(PLAIN);
    pass();
    assertThat(world.all(ServiceReconciler.SLICES))
        .singleElement()
        .satisfies(slice -> assertThat(slice.path("endpoints")).isEmpty());
    assertThat(pass()).isEmpty();
    pod("a", "10.0.0.1", "True");
    pass();
    assertThat(world.all(ServiceReconciler.SLICES))
        .singleElement()
        .satisfies(slice -> assertThat(slice.path("endpoints")).hasSize(1));
  }

  @Property(tries = 20)
  void slicesHoldEveryPodOnceAndAPassLeavesNothingToDo(@ForAll long seed) {
    new ServiceReconcilerTest().podsComeAndGo(new Random(seed));
  }

  private void podsComeAndGo(Random random) {
    service(PLAIN);
    int next = 0;
    for (int round = 0; round < 4; round++) {
      int births = random.nextInt(130);
      for (int i = 0; i < births; i++) {
        pod("p" + next, "10.0." + next / 250 + "." + next % 250, "True");
        next++;
      }
      for (PodFacts pod : world.pods()) {
        if (random.nextInt(4) == 0) {
          world.command(pod.meta().key(), new ObjectCommand.ConfirmRemoved(pod.meta().uid()));
        }
      }
      pass();
      List<String> endpoints = new ArrayList<>();
      for (ObjectNode slice : world.all(ServiceReconciler.SLICES)) {
        assertThat(slice.path("endpoints")).hasSizeLessThanOrEqualTo(100);
        slice.path("endpoints").forEach(one -> endpoints.add(one.at("/targetRef/name").asText()));
      }
      Set<String> names = new TreeSet<>();
      world.pods().forEach(pod -> names.add(pod.meta().name()));
      assertThat(endpoints).containsExactlyInAnyOrderElementsOf(names);
      assertThat(pass()).isEmpty();
    }
  }

  @Test
  void onePodMoreChangesOneSlice() {
    service(PLAIN);
    for (int i = 0; i < 150; i++) {
      pod("p" + i, "10.0.0." + i, "True");
    }
    pass();
    assertThat(world.all(ServiceReconciler.SLICES)).hasSize(2);
    pod("one-more", "10.0.1.1", "True");
    assertThat(pass().stream().map(action -> action.getClass().getSimpleName()))
        .containsExactly("Edit", "Edit");
    assertThat(world.all(ServiceReconciler.SLICES)).hasSize(2);
  }

  @Test
  void readyNodesBalanceLoadAndLocalTrafficNeedsAPodThere() {
    nodes.put("n1", new NodeFacts("n1", "", true, List.of("192.168.0.2")));
    nodes.put("n2", new NodeFacts("n2", "", true, List.of("192.168.0.1")));
    nodes.put("n3", new NodeFacts("n3", "", false, List.of("192.168.0.3")));
    pod("a", "10.0.0.1", "True");
    service("{'type':'LoadBalancer','selector':{'app':'web'},'ports':[{'port':80}]}");
    pass();
    assertThat(world.get(WEB).orElseThrow().at("/status/loadBalancer/ingress"))
        .containsExactly(
            Simulation.json("{'ip':'192.168.0.1','ipMode':'VIP'}"),
            Simulation.json("{'ip':'192.168.0.2','ipMode':'VIP'}"));
    amend("{'spec':{'externalTrafficPolicy':'Local'}}");
    pass();
    assertThat(world.get(WEB).orElseThrow().at("/status/loadBalancer/ingress")).hasSize(1);
    amend("{'spec':{'type':'ClusterIP'}}");
    pass();
    assertThat(world.get(WEB).orElseThrow().at("/status/loadBalancer")).isEmpty();
  }
}
