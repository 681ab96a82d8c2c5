package dev.ensemble.core.scheduling;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.List;
import java.util.Set;

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
}
