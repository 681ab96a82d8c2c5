package dev.ensemble.core.scheduling;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PodRequestTest {
  private static Resources requests(String spec) {
    return Samples.pod("p", spec).requests();
  }

  private static String container(String requests) {
    return "{name: 'c', image: 'i', resources: {requests: {" + requests + "}}}";
  }

  private static String sidecar(String requests) {
    return "{name: 's', image: 'i', restartPolicy: 'Always', resources: {requests: {"
        + requests
        + "}}}";
  }

  @Test
  void containersAddUp() {
    String spec =
        "{containers: ["
            + container("cpu: '500m', memory: '1Gi', 'example.com/gpu': '1'")
            + ","
            + container("cpu: 1, 'ephemeral-storage': '1Ki', 'example.com/gpu': '1'")
            + "]}";
    assertThat(requests(spec))
        .isEqualTo(new Resources(1500, 1L << 30, 1024, Map.of("example.com/gpu", 2L)));
  }

  @Test
  void theLargestInitContainerCountsWhenItIsLargerThanTheRest() {
    String spec =
        "{initContainers: ["
            + container("cpu: '3', memory: '1Mi'")
            + ","
            + container("cpu: '1', memory: '5Mi'")
            + "], containers: ["
            + container("cpu: '2', memory: '2Mi'")
            + "]}";
    assertThat(requests(spec)).isEqualTo(Resources.of(3000, 5 << 20));
  }

  @Test
  void aSidecarRunsBesideContainersAndBesideTheInitContainersAfterItOnly() {
    String before =
        "{initContainers: [%s, %s], containers: [%s]}"
            .formatted(container("cpu: '4'"), sidecar("cpu: '1'"), container("cpu: '2'"));
    String after =
        "{initContainers: [%s, %s], containers: [%s]}"
            .formatted(sidecar("cpu: '1'"), container("cpu: '4'"), container("cpu: '2'"));
    assertThat(requests(before)).isEqualTo(Resources.of(4000, 0));
    assertThat(requests(after)).isEqualTo(Resources.of(5000, 0));
  }

  @Test
  void podLevelRequestsReplaceTheSumAndOverheadComesOnTop() {
    String spec =
        "{resources: {requests: {cpu: '3'}}, overhead: {cpu: '250m', memory: '1Ki'}, containers: ["
            + container("cpu: '1', memory: '1Mi'")
            + "]}";
    assertThat(requests(spec)).isEqualTo(Resources.of(3250, (1 << 20) + 1024));
  }

  @Test
  void containersWithoutRequestsAreScoredAsIfTheyAskedForALittle() {
    String spec =
        "{containers: [" + container("") + "," + container("cpu: '0', memory: '1Ki'") + "]}";
    PodRequest pod = Samples.pod("p", spec);
    assertThat(pod.requests()).isEqualTo(Resources.of(0, 1024));
    assertThat(pod.scoredRequests()).isEqualTo(Resources.of(100, (200L << 20) + 1024));
  }

  @ParameterizedTest
  @CsvSource({
    "1, 1000",
    "0.5, 500",
    "100m, 100",
    "1m, 1",
    "100u, 1",
    "1n, 1",
    "0, 0",
    "2e3, 2000000",
    "1k, 1000000",
    "1Ki, 1024000",
    ".5, 500",
    "1., 1000",
    "9223372036854775807, 9223372036854775807"
  })
  void cpuIsCountedInThousandthsRoundedUp(String quantity, long milliCpu) {
    assertThat(requests("{containers: [" + container("cpu: '" + quantity + "'") + "]}").milliCpu())
        .isEqualTo(milliCpu);
  }

  @ParameterizedTest
  @CsvSource({
    "1.5Gi, 1610612736",
    "1500m, 2",
    "1E, 1000000000000000000",
    "8Ei, 9223372036854775807"
  })
  void memoryIsCountedInBytesRoundedUp(String quantity, long bytes) {
    String spec = "{containers: [" + container("memory: '" + quantity + "'") + "]}";
    assertThat(requests(spec).memoryBytes()).isEqualTo(bytes);
  }

  @Test
  void sumsStopAtTheLargestNumberInsteadOfTurningNegative() {
    Resources huge = Resources.of(Long.MAX_VALUE - 1, 0);
    assertThat(huge.plus(Resources.of(5, 0)).milliCpu()).isEqualTo(Long.MAX_VALUE);
  }

  @Test
  void hostPortsOfContainersAndSidecarsCountThoseOfInitContainersDoNot() {
    PodRequest pod =
        Samples.pod(
            "p",
            """
            {initContainers: [
               {name: 'i', ports: [{containerPort: 1, hostPort: 1}]},
               {name: 's', restartPolicy: 'Always', ports: [{hostPort: 2, protocol: 'UDP'}]}],
             containers: [{name: 'c', ports: [{hostPort: 3, hostIP: '127.0.0.1'}, {containerPort: 4}]}]}\
            """);
    assertThat(pod.hostPorts())
        .isEqualTo(Set.of(new HostPort("", "UDP", 2), new HostPort("127.0.0.1", "TCP", 3)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "volumes: [{persistentVolumeClaim: {}}]| volumes of persistent volume claims",
        "volumes: [{ephemeral: {}}]| ephemeral volumes with a claim template",
        "resourceClaims: [{name: 'x'}]| resource claims",
      })
  void hardConstraintsThatNobodyJudgesAreNamed(String line) {
    String[] parts = line.split("\\| ", 2);
    assertThat(Samples.pod("p", "{" + parts[0] + "}").unsupported()).isEqualTo(List.of(parts[1]));
  }

  @Test
  void softConstraintsHoldNothingBack() {
    String spec =
        """
        {affinity: {podAffinity: {preferredDuringSchedulingIgnoredDuringExecution: [{}]}},
         topologySpreadConstraints: [{whenUnsatisfiable: 'ScheduleAnyway'}],
         volumes: [{emptyDir: {}}, {configMap: {}}]}\
        """;
    assertThat(Samples.pod("p", spec).unsupported()).isEmpty();
  }
}
