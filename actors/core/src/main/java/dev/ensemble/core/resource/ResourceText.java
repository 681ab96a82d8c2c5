package dev.ensemble.core.resource;

import dev.ensemble.core.object.ResourceName;
import dev.ensemble.core.schema.ApiKind;
import dev.ensemble.core.schema.Definitions;
import dev.ensemble.core.schema.Schema;
import dev.ensemble.core.table.Columns;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Reads the table of resources from text:
 *
 * <pre>
 * serves apps/v1                                      the apiVersion of what follows
 * resource deployments deployment Deployment namespaced
 *   short deploy
 *   categories all
 *   subresources scale status
 *   select status.replicas                            selectable fields
 *   without deletecollection                          verbs it does not answer
 *   sealed                                            events are sealed in the journal
 *   virtual create                                    never stored; the verbs it answers
 *   face-of v1 events                                 stored as another resource
 *   rename note message                               that face's field, the stored field
 * subresource scale autoscaling/v1 Scale get update   "." for the parent's apiVersion and kind
 * </pre>
 */
final class ResourceText {
  private static final String OWN = ".";

  private final Definitions definitions;
  private final List<ResourceType> types = new ArrayList<>();
  private final List<VirtualResource> virtual = new ArrayList<>();
  private final Map<String, Face> faces = new LinkedHashMap<>();
  private final Map<String, Subresource> subresources = new LinkedHashMap<>();
  private final Set<String> apiVersions = new LinkedHashSet<>();
  private String apiVersion = "";
  private Draft draft = new Draft(List.of());

  private ResourceText(Definitions definitions) {
    this.definitions = definitions;
  }

  static ResourceTypes read(List<String> texts, Definitions definitions) {
    ResourceText reader = new ResourceText(definitions);
    for (String text : texts) {
      text.lines().filter(line -> !line.isBlank() && !line.startsWith("#")).forEach(reader::line);
      reader.finish();
    }
    return new ResourceTypes(
        reader.types, reader.virtual, reader.faces, reader.subresources, reader.apiVersions);
  }

  private void line(String line) {
    List<String> words = List.of(line.strip().split(" +"));
    List<String> rest = words.subList(1, words.size());
    if (line.startsWith("  ")) {
      draft.property(words.get(0), rest);
      return;
    }
    finish();
    switch (words.get(0)) {
      case "serves" -> {
        apiVersion = rest.get(0);
        apiVersions.add(apiVersion);
      }
      case "resource" -> draft = new Draft(rest);
      case "subresource" ->
          subresources.put(
              rest.get(0),
              new Subresource(
                  rest.get(0), ApiKind.of(rest.get(1), rest.get(2)), rest.subList(3, rest.size())));
      default -> throw new IllegalStateException("cannot read resource line: " + line);
    }
  }

  private void finish() {
    if (draft.names.isEmpty()) {
      return;
    }
    Draft done = draft;
    draft = new Draft(List.of());
    ApiKind kind = ApiKind.of(apiVersion, done.names.get(2));
    Schema.Struct schema =
        definitions
            .byKind(kind)
            .orElseThrow(() -> new IllegalStateException("no definition of " + kind));
    if (!done.verbs.isEmpty()) {
      virtual.add(
          new VirtualResource(
              kind, done.names.get(0), done.names.get(1), done.scope(), done.verbs, schema));
      return;
    }
    ResourceType type =
        new ResourceType(
            kind.group(),
            kind.version(),
            done.names.get(0),
            done.names.get(1),
            kind.kind(),
            done.scope(),
            done.shortNames,
            done.categories,
            ResourceType.ALL_VERBS.stream().filter(verb -> !done.without.contains(verb)).toList(),
            Set.copyOf(done.subresources),
            schema,
            Set.copyOf(done.selectable),
            Columns.of(new ResourceName(kind.group(), done.names.get(0))),
            done.secrecy);
    types.add(type);
    if (!done.faceOf.isEmpty()) {
      String storedAs = done.faceOf.get(0);
      ResourceName stored =
          new ResourceName(ApiKind.of(storedAs, kind.kind()).group(), done.faceOf.get(1));
      faces.put(
          apiVersion + "/" + type.plural(), new Face(stored, storedAs, apiVersion, done.renames));
    }
  }

  static Subresource resolve(Subresource entry, ResourceType parent) {
    String version = entry.kind().version().equals(OWN) ? parent.apiVersion() : "";
    return version.isEmpty()
        ? entry
        : new Subresource(entry.name(), ApiKind.of(version, parent.kind()), entry.verbs());
  }

  /** What was read of one resource so far. */
  private static final class Draft {
    final List<String> names;
    final List<String> shortNames = new ArrayList<>();
    final List<String> categories = new ArrayList<>();
    final List<String> subresources = new ArrayList<>();
    final List<String> selectable = new ArrayList<>();
    final List<String> verbs = new ArrayList<>();
    final List<String> without = new ArrayList<>();
    final List<String> faceOf = new ArrayList<>();
    final Map<String, String> renames = new LinkedHashMap<>();
    ResourceType.Secrecy secrecy = ResourceType.Secrecy.OPEN;

    Draft(List<String> names) {
      this.names = names;
    }

    ResourceType.Scope scope() {
      return switch (names.get(3)) {
        case "namespaced" -> ResourceType.Scope.NAMESPACED;
        case "cluster" -> ResourceType.Scope.CLUSTER;
        default -> throw new IllegalStateException("no scope: " + names);
      };
    }

    void property(String name, List<String> values) {
      switch (name) {
        case "short" -> shortNames.addAll(values);
        case "categories" -> categories.addAll(values);
        case "subresources" -> subresources.addAll(values);
        case "select" -> selectable.addAll(values);
        case "virtual" -> verbs.addAll(values);
        case "without" -> without.addAll(values);
        case "face-of" -> faceOf.addAll(values);
        case "rename" -> renames.put(values.get(0), values.get(1));
        case "sealed" -> secrecy = ResourceType.Secrecy.SEALED;
        default -> throw new IllegalStateException("cannot read property: " + name);
      }
    }
  }
}
