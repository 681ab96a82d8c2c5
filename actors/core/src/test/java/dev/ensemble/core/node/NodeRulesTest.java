package dev.ensemble.core.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ensemble.core.object.ObjectKey;
import dev.ensemble.core.scheduling.Samples;
import java.time.Instant;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NodeRulesTest {
  private static final Instant NOW = Instant.parse("2026-01-01T10:00:00.123Z");

  private static ObjectNode json(String text) {
    return (ObjectNode) Samples.json(text);
  }

  @Test
  void rangesAreGivenFromTheLowestFreeOneUntilNoneIsLeft() {
    PodCidrs cidrs = new PodCidrs("10.42.0.0/22", 24);
    Set<String> used = new HashSet<>(Set.of("10.42.1.0/24", "", "fd00::/64"));
    assertThat(cidrs.next(used)).isEqualTo(Optional.of("10.42.0.0/24"));
    used.add("10.42.0.0/24");
    assertThat(cidrs.next(used)).isEqualTo(Optional.of("10.42.2.0/24"));
    used.addAll(Set.of("10.42.2.0/24", "10.42.3.0/24"));
    assertThat(cidrs.next(used)).isEmpty();
  }

  @Test
  void highAddressesStayPositive() {
    PodCidrs cidrs = new PodCidrs("240.1.2.3/16", 24);
    assertThat(cidrs.next(Set.of("240.1.0.0/24"))).isEqualTo(Optional.of("240.1.1.0/24"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"10.42.0.0", "10.42.0/16", "10.42.0.0/25", "10.42.0.256/16"})
  void aRangeThatIsNoneOrTooSmallIsAnError(String cidr) {
    assertThatThrownBy(() -> new PodCidrs(cidr, 24)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aNodeMaySeeWhatItsPodsNameAndNothingElse() {
    ObjectNode pod =
        json(
            """
            {metadata: {namespace: 'ns'}, spec: {
              imagePullSecrets: [{name: 'pull'}],
              initContainers: [{envFrom: [{configMapRef: {name: 'c1'}}, {secretRef: {name: 's1'}}]}],
              containers: [{env: [{name: 'A', valueFrom: {configMapKeyRef: {name: 'c2'}}},
                {name: 'B', valueFrom: {secretKeyRef: {name: 's2'}}}, {name: 'C', value: 'x'}]}],
              volumes: [{configMap: {name: 'c3'}}, {secret: {secretName: 's3'}},
                {projected: {sources: [{configMap: {name: 'c4'}}, {secret: {name: 's4'}},
                  {serviceAccountToken: {}}]}}, {emptyDir: {}}]}}\
            """);
    Set<ObjectKey> expected = new HashSet<>();
    for (int i = 1; i <= 4; i++) {
      expected.add(ObjectKey.of("configmaps", "ns", "c" + i));
      expected.add(ObjectKey.of("secrets", "ns", "s" + i));
    }
    expected.add(ObjectKey.of("secrets", "ns", "pull"));
    assertThat(PodReferences.of(pod)).isEqualTo(expected);
  }

  @Test
  void aReportOfAPodLeavesWhatOthersWrote() {
    ObjectNode current =
        json(
            """
            {phase: 'Pending', qosClass: 'Burstable', reason: 'Old', conditions: [
              {type: 'PodScheduled', status: 'True', lastTransitionTime: 'T1'},
              {type: 'Ready', status: 'False', lastTransitionTime: 'T2'},
              {type: 'Initialized', status: 'True'},
              {type: 'example.com/gate', status: 'True'}]}\
            """);
    ObjectNode reported =
        json(
            """
            {phase: 'Running', qosClass: 'BestEffort', podIP: '10.42.0.9', conditions: [
              {type: 'Ready', status: 'True', lastTransitionTime: 'old'},
              {type: 'PodScheduled', status: 'False'}]}\
            """);
    assertThat(AgentReport.podStatus(current, reported, NOW))
        .isEqualTo(
            json(
                """
                {phase: 'Running', qosClass: 'Burstable', podIP: '10.42.0.9', conditions: [
                  {type: 'Ready', status: 'True', lastTransitionTime: '2026-01-01T10:00:00Z'},
                  {type: 'PodScheduled', status: 'True', lastTransitionTime: 'T1'},
                  {type: 'example.com/gate', status: 'True'}]}\
                """));
  }

  @Test
  void theSameReportAgainChangesNothing() {
    ObjectNode reported = json("{phase: 'Running', conditions: [{type: 'Ready', status: 'True'}]}");
    ObjectNode once = AgentReport.podStatus(json("{}"), reported, NOW);
    assertThat(AgentReport.podStatus(once, reported, NOW.plusSeconds(9))).isEqualTo(once);
  }

  @Test
  void aNodeIsRegisteredWithItsLabelsAndItsRange() {
    ObjectNode status = json("{nodeInfo: {operatingSystem: 'linux', architecture: 'amd64'}}");
    Map<String, String> labels = Map.of("disk", "ssd", "node-restriction.kubernetes.io/x", "y");
    assertThat(NodeRegistration.node("n1", "u1", labels, status, "10.42.0.0/24", NOW))
        .isEqualTo(
            json(
                """
                {apiVersion: 'v1', kind: 'Node',
                 metadata: {name: 'n1', uid: 'u1', creationTimestamp: '2026-01-01T10:00:00Z',
                   labels: {disk: 'ssd', 'kubernetes.io/arch': 'amd64',
                     'kubernetes.io/hostname': 'n1', 'kubernetes.io/os': 'linux'}},
                 spec: {podCIDR: '10.42.0.0/24', podCIDRs: ['10.42.0.0/24']},
                 status: {nodeInfo: {operatingSystem: 'linux', architecture: 'amd64'}}}\
                """));
  }

  @Test
  void aNodeThatComesBackIsChangedOnlyWhereItDiffers() {
    ObjectNode node =
        json(
            """
            {metadata: {name: 'n1', labels: {'kubernetes.io/hostname': 'n1', mine: 'stays'}},
             spec: {podCIDR: '10.42.0.0/24'}}\
            """);
    assertThat(NodeRegistration.update(node, Map.of(), json("{}"), Optional.empty())).isEmpty();
    assertThat(
            NodeRegistration.update(
                node, Map.of("a", "b"), json("{}"), Optional.of("10.42.1.0/24")))
        .isEqualTo(
            Optional.of(
                json(
                    """
                    {metadata: {labels: {a: 'b'}},
                     spec: {podCIDR: '10.42.1.0/24', podCIDRs: ['10.42.1.0/24']}}\
                    """)));
  }
}
