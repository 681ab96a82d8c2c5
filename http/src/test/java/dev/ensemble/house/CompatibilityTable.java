package dev.ensemble.house;

import com.fasterxml.jackson.databind.JsonNode;
import dev.ensemble.core.discovery.DiscoveryDocuments;
import dev.ensemble.core.resource.BuiltInResources;
import dev.ensemble.core.resource.ResourceType;
import dev.ensemble.core.resource.ResourceTypes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The generated part of docs/compatibility.md: what is served, from the same table of kinds that
 * discovery answers from. {@link #main} writes it into the file.
 */
final class CompatibilityTable {
  static final String BEGIN = "<!-- generated: begin -->\n";
  static final String END = "<!-- generated: end -->\n";

  private static final List<String> VERBS =
      List.of("get", "list", "watch", "create", "update", "patch", "delete", "deletecollection");

  private CompatibilityTable() {}

  public static void main(String[] arguments) throws IOException {
    String text = Project.read(file());
    String before = text.substring(0, text.indexOf(BEGIN) + BEGIN.length());
    Files.writeString(file(), before + generate() + text.substring(text.indexOf(END)));
  }

  static Path file() {
    return Project.root().resolve("docs/compatibility.md");
  }

  /** What the file has between its marks. */
  static String inFile() {
    String text = Project.read(file());
    return text.substring(text.indexOf(BEGIN) + BEGIN.length(), text.indexOf(END));
  }

  static String generate() {
    return verbs(BuiltInResources.types()) + "\n" + fields(BuiltInResources.types());
  }

  private static String verbs(ResourceTypes types) {
    StringBuilder table = new StringBuilder("| API version | resource | kind |");
    VERBS.forEach(verb -> table.append(' ').append(verb).append(" |"));
    table.append(" note |\n").append("|---".repeat(VERBS.size() + 4)).append("|\n");
    for (String apiVersion : types.apiVersions()) {
      for (JsonNode resource : resources(types, apiVersion)) {
        table.append(row(types, apiVersion, resource));
      }
    }
    return table.toString();
  }

  private static List<JsonNode> resources(ResourceTypes types, String apiVersion) {
    List<JsonNode> found = new ArrayList<>();
    new DiscoveryDocuments(types)
        .resources(apiVersion)
        .orElseThrow()
        .path("resources")
        .forEach(found::add);
    return found;
  }

  private static String row(ResourceTypes types, String apiVersion, JsonNode resource) {
    String name = resource.path("name").asText();
    Set<String> verbs = new HashSet<>();
    resource.path("verbs").forEach(verb -> verbs.add(verb.asText()));
    StringBuilder row = new StringBuilder("| " + apiVersion + " | " + name + " | ");
    row.append(resource.path("kind").asText()).append(" |");
    VERBS.forEach(verb -> row.append(verbs.contains(verb) ? " ✓ |" : "  |"));
    return row.append(' ').append(note(types, apiVersion, name)).append(" |\n").toString();
  }

  private static String note(ResourceTypes types, String apiVersion, String name) {
    if (types.virtualByPath(apiVersion, name).isPresent()) {
      return "answered, never stored";
    }
    return types.byPath(apiVersion, name).map(type -> note(types, type)).orElse("");
  }

  private static String note(ResourceTypes types, ResourceType type) {
    List<String> notes = new ArrayList<>();
    notes.add(type.namespaced() ? "namespaced" : "cluster");
    types.face(type).ifPresent(face -> notes.add("the same objects as " + face.stored()));
    if (type.secrecy() == ResourceType.Secrecy.SEALED) {
      notes.add("sealed in the journal");
    }
    return String.join(", ", notes);
  }

  private static String fields(ResourceTypes types) {
    return "| resource | field selectors besides metadata.name and metadata.namespace |\n"
        + "|---|---|\n"
        + types.all().stream()
            .filter(type -> !type.selectableFields().isEmpty())
            .map(
                type ->
                    "| "
                        + type.name()
                        + " | "
                        + type.selectableFields().stream()
                            .sorted()
                            .collect(Collectors.joining(", "))
                        + " |\n")
            .collect(Collectors.joining());
  }
}
