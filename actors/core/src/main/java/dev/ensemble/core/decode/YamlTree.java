package dev.ensemble.core.decode;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.common.Anchor;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.MappingStartEvent;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.events.SequenceStartEvent;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/**
 * The first document of a YAML text as a tree. No tag makes an object of any class; aliases are
 * counted as what they stand for, so a small text cannot become a large tree.
 */
final class YamlTree {
  private static final String MERGE = "<<";

  private final DecodeLimits limits;
  private final List<String> problems;
  private final Map<Anchor, Anchored> anchors = new HashMap<>();
  private final FieldPath path = new FieldPath();
  private Iterator<Event> events = List.<Event>of().iterator();
  private int nodes;
  private int depth;

  /** What an anchor names, and how many values that is. */
  private record Anchored(JsonNode value, int nodes) {}

  YamlTree(DecodeLimits limits, List<String> problems) {
    this.limits = limits;
    this.problems = problems;
  }

  JsonNode read(byte[] body) throws UnreadableYamlException {
    LoadSettings settings =
        LoadSettings.builder().setCodePointLimit(limits.bytesMax()).setUseMarks(true).build();
    try {
      events = new Parse(settings).parseString(new String(body, StandardCharsets.UTF_8)).iterator();
      Event event = next();
      while (event.getEventId() == Event.ID.StreamStart
          || event.getEventId() == Event.ID.DocumentStart) {
        event = next();
      }
      return event.getEventId() == Event.ID.StreamEnd ? NullNode.instance : node(event);
    } catch (MarkedYamlEngineException e) {
      throw new UnreadableYamlException(
          e.getProblemMark()
              .map(
                  mark ->
                      "invalid YAML at line %d, column %d"
                          .formatted(mark.getLine() + 1, mark.getColumn() + 1))
              .orElse("invalid YAML"));
    } catch (YamlEngineException e) {
      throw new UnreadableYamlException("invalid YAML");
    }
  }

  private Event next() {
    return events.next();
  }

  private JsonNode node(Event event) throws UnreadableYamlException {
    if (event instanceof AliasEvent alias) {
      Anchored anchored = anchors.get(alias.getAlias());
      if (anchored == null) {
        throw new UnreadableYamlException("an alias names nothing that is whole");
      }
      count(anchored.nodes());
      return anchored.value();
    }
    int before = nodes;
    count(1);
    JsonNode value;
    if (event instanceof ScalarEvent scalar) {
      value = YamlScalars.read(scalar);
    } else {
      if (++depth > limits.depthMax()) {
        throw new UnreadableYamlException("it nests deeper than " + limits.depthMax());
      }
      value = event instanceof MappingStartEvent ? mapping() : sequence(event);
      depth--;
    }
    Optional<Anchor> anchor = ((NodeEvent) event).getAnchor();
    anchor.ifPresent(name -> anchors.put(name, new Anchored(value, nodes - before)));
    return value;
  }

  private void count(int more) throws UnreadableYamlException {
    nodes += more;
    if (nodes > limits.yamlNodesMax()) {
      throw new UnreadableYamlException("it has more than " + limits.yamlNodesMax() + " values");
    }
  }

  private ArrayNode sequence(Event start) throws UnreadableYamlException {
    if (!(start instanceof SequenceStartEvent)) {
      throw new UnreadableYamlException("invalid YAML");
    }
    ArrayNode list = JsonNodeFactory.instance.arrayNode();
    for (Event event = next(); event.getEventId() != Event.ID.SequenceEnd; event = next()) {
      path.index(list.size());
      list.add(node(event));
      path.pop();
    }
    return list;
  }

  private ObjectNode mapping() throws UnreadableYamlException {
    ObjectNode object = JsonNodeFactory.instance.objectNode();
    ObjectNode merged = JsonNodeFactory.instance.objectNode();
    for (Event event = next(); event.getEventId() != Event.ID.MappingEnd; event = next()) {
      if (event instanceof ScalarEvent scalar && scalar.isPlain() && isMerge(scalar)) {
        merge(merged, node(next()));
        continue;
      }
      String key = key(node(event));
      path.field(key);
      if (object.has(key) && problems.size() < limits.problemsMax()) {
        problems.add("duplicate field \"" + path + "\"");
      }
      object.set(key, node(next()));
      path.pop();
    }
    merged
        .fields()
        .forEachRemaining(
            field -> {
              if (!object.has(field.getKey())) {
                object.set(field.getKey(), field.getValue());
              }
            });
    return object;
  }

  private static boolean isMerge(ScalarEvent scalar) {
    return scalar.getValue().equals(MERGE) && scalar.getTag().isEmpty();
  }

  private static void merge(ObjectNode into, JsonNode from) throws UnreadableYamlException {
    if (from instanceof ArrayNode list) {
      for (JsonNode part : list) {
        merge(into, part);
      }
      return;
    }
    if (!(from instanceof ObjectNode object)) {
      throw new UnreadableYamlException("only a mapping can be merged");
    }
    object
        .fields()
        .forEachRemaining(
            field -> {
              if (!into.has(field.getKey())) {
                into.set(field.getKey(), field.getValue());
              }
            });
  }

  private static String key(JsonNode key) throws UnreadableYamlException {
    if (key.isContainerNode()) {
      throw new UnreadableYamlException("a key is not a scalar");
    }
    return key instanceof TextNode text ? text.textValue() : key.asText();
  }
}
