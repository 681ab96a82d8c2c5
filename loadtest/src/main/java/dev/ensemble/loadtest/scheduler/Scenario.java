package dev.ensemble.loadtest.scheduler;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.ensemble.core.scheduling.Book;
import dev.ensemble.core.scheduling.Offer;
import dev.ensemble.core.scheduling.PodRequest;
import java.util.Random;

/**
 * What the pods of a run ask for: the shapes of kube-scheduler's own benchmark (scheduler_perf's
 * performance-config.yaml: its names, requests and constraints), with a node for each host and
 * three zones.
 */
public enum Scenario {
  /** 100m of CPU and 500 MB of memory. */
  PLAIN("", "", "100m", 10_000),
  /** Besides, over three zones with a skew of 5, required. */
  SPREAD(
      "'color': 'blue'",
      """
      topologySpreadConstraints: [{maxSkew: 5, topologyKey: 'topology.kubernetes.io/zone',
        whenUnsatisfiable: 'DoNotSchedule', labelSelector: {matchLabels: {color: 'blue'}}}],\
      """,
      "100m",
      5_000),
  /** Besides, in the zone of others of their kind. */
  AFFINITY(
      "'color': 'blue'",
      """
      affinity: {podAffinity: {requiredDuringSchedulingIgnoredDuringExecution: [
        {topologyKey: 'topology.kubernetes.io/zone', labelSelector: {matchLabels: {color: 'blue'}}}]}},\
      """,
      "100m",
      5_000),
  /** Besides, never two of their kind on one host. */
  ANTI_AFFINITY(
      "'color': 'green'",
      """
      affinity: {podAntiAffinity: {requiredDuringSchedulingIgnoredDuringExecution: [
        {topologyKey: 'kubernetes.io/hostname', labelSelector: {matchLabels: {color: 'green'}}}]}},\
      """,
      "100m",
      500),
  /** Of low priority, so large that four fill a node. */
  LOW("", "", "900m", 0),
  /** Of high priority, so large that three of the low ones must go. */
  HIGH("", "priority: 10,", "3", 0);

  static final String ZONE = "topology.kubernetes.io/zone";
  static final int NODE_MILLI_CPU = 4000;

  private static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(JsonReadFeature.ALLOW_SINGLE_QUOTES)
          .enable(JsonReadFeature.ALLOW_UNQUOTED_FIELD_NAMES)
          .build();

  private final String labels;
  private final String spec;
  private final String cpu;
  private final int placed;

  Scenario(String labels, String spec, String cpu, int placed) {
    this.labels = labels;
    this.spec = spec;
    this.cpu = cpu;
    this.placed = placed;
  }

  /** How many pods have a node while others are placed. */
  int placed() {
    return placed;
  }

  PodRequest pod(int number) {
    String pod =
        """
        {metadata: {uid: 'uid-%1$d', namespace: 'bench', name: 'pod-%1$d', labels: {%2$s}},
         spec: {%3$s schedulerName: 'default-scheduler', containers: [{name: 'pause', image: 'pause',
           resources: {requests: {cpu: '%4$s', memory: '500Mi'}}}]}}\
        """
            .formatted(number, labels, spec, cpu);
    return PodRequest.read(json(pod));
  }

  /** A pod of one of some apps, from 50m to 1 CPU and from 64 MiB to 4 GiB. */
  static PodRequest any(int number, Random random, int apps) {
    String pod =
        """
        {metadata: {uid: 'uid-%1$d', namespace: 'bench', name: 'pod-%1$d', labels: {app: 'app-%2$d'}},
         spec: {containers: [{name: 'c', image: 'pause',
           resources: {requests: {cpu: '%3$dm', memory: '%4$dMi'}}}]}}\
        """
            .formatted(
                number, random.nextInt(apps), 50 + random.nextInt(951), 64 + random.nextInt(4033));
    return PodRequest.read(json(pod));
  }

  /** A plain pod for the API. */
  public static String apiPod(int number) {
    return """
    {"apiVersion":"v1","kind":"Pod","metadata":{"name":"pod-%d"},"spec":{"containers":[
      {"name":"pause","image":"pause","resources":{"requests":{"cpu":"100m","memory":"500Mi"}}}]}}\
    """
        .formatted(number);
  }

  /** A market of so many nodes without pods. */
  static Book market(int nodes) {
    Book book = new Book();
    for (int i = 0; i < nodes; i++) {
      book.post(node(i));
    }
    return book;
  }

  private static Offer node(int number) {
    String node =
        """
        {metadata: {name: 'node-%1$d', uid: 'node-uid-%1$d', labels: {
           'kubernetes.io/hostname': 'node-%1$d', 'topology.kubernetes.io/zone': 'zone-%2$d',
           'kubernetes.io/os': 'linux', 'kubernetes.io/arch': 'amd64'}}, spec: {},
         status: {allocatable: {cpu: '4', memory: '32Gi', pods: '110'},
           images: [{names: ['pause:latest'], sizeBytes: 700000}]}}\
        """
            .formatted(number, number % 3);
    return Offer.read(json(node));
  }

  private static JsonNode json(String text) {
    try {
      return JSON.readTree(text);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(text, e);
    }
  }
}
