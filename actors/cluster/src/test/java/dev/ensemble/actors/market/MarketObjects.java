package dev.ensemble.actors.market;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** Pods and nodes for tests of wiring. */
public final class MarketObjects {
  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .enable(JsonReadFeature.ALLOW_SINGLE_QUOTES)
          .enable(JsonReadFeature.ALLOW_UNQUOTED_FIELD_NAMES)
          .build();

  private MarketObjects() {}

  public static ObjectNode json(String text) {
    try {
      return (ObjectNode) MAPPER.readTree(text);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(text, e);
    }
  }

  public static ObjectNode pod(String name, String cpu) {
    return pod(name, cpu, "schedulerName: 'default-scheduler'");
  }

  public static ObjectNode pod(String name, String cpu, String spec) {
    return json(
        """
        {metadata: {namespace: 'default', name: '%1$s', uid: 'uid-%1$s'},
         spec: {%3$s, containers: [{name: 'c', image: 'i', resources: {requests: {cpu: '%2$s'}}}]},
         status: {phase: 'Pending'}}\
        """
            .formatted(name, cpu, spec));
  }

  public static ObjectNode node(String name, String cpu) {
    return json(
        """
        {metadata: {name: '%1$s', uid: 'uid-%1$s', labels: {'kubernetes.io/hostname': '%1$s'}},
         spec: {}, status: {allocatable: {cpu: '%2$s', memory: '8Gi', pods: '110'}}}\
        """
            .formatted(name, cpu));
  }
}
