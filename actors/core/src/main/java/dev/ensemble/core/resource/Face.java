package dev.ensemble.core.resource;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.ensemble.core.object.ResourceName;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;

/**
 * A second way to see a stored resource: another apiVersion and other names for some top-level
 * fields. The object that is stored has the stored form only; conversion loses nothing.
 *
 * @param stored the resource whose entities own the object
 * @param storedApiVersion the stored object's apiVersion
 * @param servedApiVersion this face's apiVersion
 * @param renames this face's field names to the stored ones
 */
public record Face(
    ResourceName stored,
    String storedApiVersion,
    String servedApiVersion,
    Map<String, String> renames) {
  public Face {
    renames = Map.copyOf(renames);
  }

  /** The object as it is stored; the argument is left as it was. */
  public ObjectNode toStored(ObjectNode served) {
    return convert(served, renames, storedApiVersion);
  }

  /** The object as this face shows it; the argument is left as it was. */
  public ObjectNode toServed(ObjectNode object) {
    Map<String, String> back = new HashMap<>();
    renames.forEach((servedName, storedName) -> back.put(storedName, servedName));
    return convert(object, back, servedApiVersion);
  }

  /** The stored name of a path such as {@code regarding.name}, for field selectors. */
  public String storedPath(String servedPath) {
    int dot = servedPath.indexOf('.');
    String head = dot < 0 ? servedPath : servedPath.substring(0, dot);
    return renames.getOrDefault(head, head) + servedPath.substring(head.length());
  }

  private static ObjectNode convert(
      ObjectNode object, Map<String, String> names, String apiVersion) {
    ObjectNode converted = object.objectNode();
    for (Iterator<Map.Entry<String, JsonNode>> it = object.fields(); it.hasNext(); ) {
      Map.Entry<String, JsonNode> field = it.next();
      converted.set(names.getOrDefault(field.getKey(), field.getKey()), field.getValue());
    }
    converted.set("apiVersion", TextNode.valueOf(apiVersion));
    return converted;
  }
}
