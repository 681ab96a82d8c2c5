package dev.ensemble.core.scheduling;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Pods and nodes for tests, from JSON with single quotes and bare names. */
public final class Samples {
  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .enable(JsonReadFeature.ALLOW_SINGLE_QUOTES)
          .enable(JsonReadFeature.ALLOW_UNQUOTED_FIELD_NAMES)
          .build();

  private Samples() {}

  public static JsonNode json(String text) {
    try {
      return MAPPER.readTree(text);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(text, e);
    }
  }

  /** A pod in namespace {@code default} whose spec is {@code {…}}. */
  public static PodRequest pod(String name, String spec) {
    return PodRequest.read(
        json(
            "{metadata: {uid: '%s', namespace: 'default', name: '%s'}, spec: %s}"
                .formatted("uid-" + name, name, spec)));
  }

  /** A pod of one container with these requests, such as {@code cpu: '1'}. */
  public static PodRequest asking(String name, String requests) {
    return pod(
        name,
        "{containers: [{name: 'c', image: 'app', resources: {requests: {%s}}}]}"
            .formatted(requests));
  }

  public static PodRequest plain() {
    return asking("plain", "");
  }

  /** A node with 4 CPUs, 8 GiB, 110 pods and {@code rest} besides. */
  public static Offer node(String name, String labels, String spec) {
    return Offer.read(
        json(
            """
            {metadata: {name: '%1$s', uid: 'uid-%1$s', labels: {%2$s}}, spec: {%3$s},
             status: {allocatable: {cpu: '4', memory: '8Gi', pods: '110',
               'ephemeral-storage': '10Gi', 'example.com/gpu': '2'}}}\
            """
                .formatted(name, labels, spec)));
  }

  public static Offer node(String name) {
    return node(name, "", "");
  }

  public static Offer holding(Offer offer, PodRequest... pods) {
    return offer.with(Usage.of(List.of(pods)), Set.of());
  }

  public static Book book(Offer... offers) {
    Book book = new Book();
    for (Offer offer : offers) {
      book.post(offer);
    }
    return book;
  }

  /** A pod with labels such as {@code app: 'web'}, on a node or, with an empty name, waiting. */
  public static PodRequest labelled(String name, String labels, String node, String spec) {
    return labelled("default", name, labels, node, spec);
  }

  public static PodRequest labelled(
      String namespace, String name, String labels, String node, String spec) {
    PodRequest pod =
        PodRequest.read(
            json(
                "{metadata: {uid: 'uid-%s', namespace: '%s', name: '%s', labels: {%s}}, spec: %s}"
                    .formatted(name, namespace, name, labels, spec)));
    return node.isEmpty() ? pod : pod.at(node);
  }

  /** Four nodes: {@code a1} and {@code a2} in zone a, {@code b1} in zone b, {@code x} in none. */
  public static Book zones() {
    return book(
        zoned("a1", "zone: 'a',"),
        zoned("a2", "zone: 'a',"),
        zoned("b1", "zone: 'b',"),
        zoned("x", ""));
  }

  public static Offer zoned(String name, String zone) {
    return node(name, zone + "'kubernetes.io/hostname': '" + name + "'", "");
  }

  /** The nodes for which a filter has nothing against a pod, in order, with a space between. */
  public static String allowed(Filter filter, PodRequest pod, Book book) {
    Filter.Prepared prepared = filter.prepare(pod, book);
    return book.offers().stream()
        .filter(offer -> allows(prepared, offer))
        .map(Offer::node)
        .sorted()
        .collect(Collectors.joining(" "));
  }

  private static boolean allows(Filter.Prepared prepared, Offer offer) {
    if (prepared instanceof Filter.Prepared.Check check) {
      return check.check().check(offer).isEmpty();
    }
    return prepared instanceof Filter.Prepared.Nothing;
  }

  /** Normalized scores of all nodes, such as {@code a1=100 b1=0}; empty when there is no score. */
  public static String scores(Score score, PodRequest pod, Book book) {
    List<Offer> offers = book.offers();
    return score
        .scorer(pod, book, offers)
        .map(
            scorer -> {
              long[] scores = offers.stream().mapToLong(scorer::score).toArray();
              scorer.normalize(scores);
              return IntStream.range(0, scores.length)
                  .mapToObj(i -> offers.get(i).node() + "=" + scores[i])
                  .sorted()
                  .collect(Collectors.joining(" "));
            })
        .orElse("");
  }
}
