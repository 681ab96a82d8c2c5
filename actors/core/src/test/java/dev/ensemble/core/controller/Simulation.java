package dev.ensemble.core.controller;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ensemble.core.entity.Decision;
import dev.ensemble.core.entity.ObjectCommand;
import dev.ensemble.core.entity.ObjectDecider;
import dev.ensemble.core.entity.ObjectEvent;
import dev.ensemble.core.entity.ObjectState;
import dev.ensemble.core.json.MergePatch;
import dev.ensemble.core.object.ObjectKey;
import dev.ensemble.core.object.ResourceName;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;

/** Objects that actions and commands are applied to, by the real rules of entities. */
public final class Simulation {
  private static final ObjectMapper JSON = new ObjectMapper();

  private static final class Cell {
    ObjectState state = ObjectDecider.absent();
    long sequence;
    long revision;
  }

  private final TreeMap<String, Cell> cells = new TreeMap<>();
  private long revision;
  private int named;
  public Instant now = Instant.parse("2026-01-01T00:00:00Z");
  public final List<Note> notes = new ArrayList<>();

  /** Applies in order; a refused action is a failure of the test. */
  public void apply(List<Action> actions) {
    actions.forEach(this::apply);
  }

  public void apply(Action action) {
    if (action instanceof Action.Create create) {
      ObjectNode object = create.object().deepCopy();
      ObjectNode metadata = object.withObject("/metadata");
      if (!metadata.has("name")) {
        metadata.put("name", metadata.path("generateName").asText() + named++);
      }
      this.create(create.resource(), object);
    } else if (action instanceof Action.Edit edit) {
      Cell cell = cells.get(edit.key().entityId());
      if (cell.revision != edit.revision()) {
        throw new AssertionError("edited a version that is not the newest: " + edit);
      }
      ObjectNode merged =
          MergePatch.apply(ObjectDecider.objectOf(cell.state).orElseThrow(), edit.patch());
      command(edit.key(), new ObjectCommand.Replace(merged, cell.sequence));
    } else if (action instanceof Action.Amend amend) {
      command(amend.key(), new ObjectCommand.Amend(Optional.of(amend.uid()), amend.patch()));
    } else if (action instanceof Action.ReportStatus report) {
      command(
          report.key(), new ObjectCommand.ReportStatus(Optional.of(report.uid()), report.status()));
    } else if (action instanceof Action.Scale scale) {
      command(scale.key(), new ObjectCommand.Scale(Optional.of(scale.uid()), scale.replicas()));
    } else if (action instanceof Action.Delete delete) {
      command(
          delete.key(),
          new ObjectCommand.Delete(
              Optional.of(delete.uid()),
              OptionalLong.empty(),
              delete.graceSeconds(),
              delete.propagation()));
    } else if (action instanceof Action.Announce announce) {
      notes.add(announce.note());
    }
  }

  public void create(ResourceName resource, ObjectNode object) {
    ObjectNode metadata = object.withObject("/metadata");
    String name = metadata.path("name").asText();
    metadata.put("uid", "uid-" + resource.plural() + "-" + name + "-" + revision);
    metadata.put("creationTimestamp", Conditions.written(now));
    command(
        new ObjectKey(resource, metadata.path("namespace").asText(), name),
        new ObjectCommand.Create(object));
  }

  public void command(ObjectKey key, ObjectCommand command) {
    Cell cell = cells.computeIfAbsent(key.entityId(), ignored -> new Cell());
    Decision decision = new ObjectDecider(key).decide(cell.state, cell.sequence, command, now);
    if (decision instanceof Decision.Rejected rejected) {
      throw new AssertionError(command + " was refused: " + rejected.rejection());
    }
    for (ObjectEvent event : ((Decision.Accepted) decision).events()) {
      cell.state = ObjectDecider.evolve(cell.state, event);
      cell.sequence++;
      cell.revision = ++revision;
    }
  }

  public Optional<ObjectNode> get(ObjectKey key) {
    return Optional.ofNullable(cells.get(key.entityId())).flatMap(Simulation::shown);
  }

  public List<ObjectNode> all(ResourceName resource) {
    return cells.entrySet().stream()
        .filter(entry -> entry.getKey().startsWith(resource + "/"))
        .flatMap(entry -> shown(entry.getValue()).stream())
        .toList();
  }

  public List<PodFacts> pods() {
    return all(PodFacts.PODS).stream().map(PodFacts::of).toList();
  }

  private static Optional<ObjectNode> shown(Cell cell) {
    return ObjectDecider.objectOf(cell.state)
        .map(
            object -> {
              ObjectNode copy = parse(object.toString());
              ((ObjectNode) copy.path("metadata"))
                  .put("resourceVersion", Long.toString(cell.revision));
              return copy;
            });
  }

  /** Reads JSON in which quotes may be single. */
  public static ObjectNode json(String text) {
    return parse(text.replace('\'', '"'));
  }

  private static ObjectNode parse(String text) {
    try {
      JsonNode tree = JSON.readTree(text);
      return (ObjectNode) tree;
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(e);
    }
  }
}
