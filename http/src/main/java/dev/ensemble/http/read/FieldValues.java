package dev.ensemble.http.read;

import com.fasterxml.jackson.databind.JsonNode;
import dev.ensemble.actors.view.StoredObject;
import dev.ensemble.core.resource.ResourceType;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * The values that field selectors look at. Reading them parses the object, so the last few results
 * are kept: many watchers ask about one change.
 */
public final class FieldValues {
  /** A power of two; collisions only cost another parse. */
  private static final int SLOTS = 512;

  private final Map<String, String[]> paths = new HashMap<>();
  private final AtomicReferenceArray<Entry> recent = new AtomicReferenceArray<>(SLOTS);

  private record Entry(StoredObject object, Map<String, String> values) {}

  public FieldValues(ResourceType stored) {
    Set<String> fields = stored.selectableFields();
    fields.forEach(field -> paths.put(field, field.split("\\.", -1)));
  }

  /** By path; fields that the object does not have are the empty string. */
  public Map<String, String> of(StoredObject object) {
    int slot = System.identityHashCode(object) & (SLOTS - 1);
    Entry entry = recent.get(slot);
    if (entry != null && entry.object() == object) {
      return entry.values();
    }
    Map<String, String> values = read(object);
    recent.set(slot, new Entry(object, values));
    return values;
  }

  private Map<String, String> read(StoredObject object) {
    Map<String, String> values = new HashMap<>();
    values.put("metadata.name", object.key().name());
    values.put("metadata.namespace", object.key().namespace());
    if (!paths.isEmpty()) {
      JsonNode tree = object.tree();
      paths.forEach(
          (path, segments) -> {
            JsonNode node = tree;
            for (String segment : segments) {
              node = node.path(segment);
            }
            values.putIfAbsent(path, node.asText(""));
          });
    }
    return values;
  }
}
