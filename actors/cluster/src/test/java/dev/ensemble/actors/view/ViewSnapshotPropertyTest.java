package dev.ensemble.actors.view;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ensemble.core.object.ObjectKey;
import dev.ensemble.core.object.ResourceName;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class ViewSnapshotPropertyTest {
  private static final ResourceName CONFIG_MAPS = ResourceName.parse("configmaps");
  private static final long REVISION = 57_000_000_000_000_000L;

  /** Characters on both sides of the slash in ASCII, and few, so that prefixes are frequent. */
  @Provide
  Arbitrary<Set<ObjectKey>> keys() {
    Arbitrary<String> namespaces = Arbitraries.strings().withChars("a-.0").ofMaxLength(3);
    Arbitrary<String> names =
        Arbitraries.strings().withChars("a-.0:").ofMinLength(1).ofMaxLength(3);
    return Combinators.combine(namespaces, names)
        .as((namespace, name) -> new ObjectKey(CONFIG_MAPS, namespace, name))
        .set()
        .ofMaxSize(30);
  }

  @Property
  void objectsComeInTheOrderOfTheirPathsAsText(@ForAll("keys") Set<ObjectKey> keys) {
    TreeSet<String> paths = new TreeSet<>();
    keys.forEach(key -> paths.add(path(key)));

    assertThat(paths(snapshot(keys).all())).containsExactlyElementsOf(paths);
  }

  @Property
  void aNamespaceHasItsOwnObjectsAndNoOthers(@ForAll("keys") Set<ObjectKey> keys) {
    ViewSnapshot snapshot = snapshot(keys);
    for (ObjectKey any : keys) {
      TreeSet<String> own = new TreeSet<>();
      keys.stream()
          .filter(key -> key.namespace().equals(any.namespace()))
          .forEach(key -> own.add(path(key)));

      assertThat(paths(snapshot.inNamespace(any.namespace()))).containsExactlyElementsOf(own);
    }
  }

  @Property
  void aListGoesOnAfterAnyPathThereOrNot(
      @ForAll("keys") Set<ObjectKey> keys, @ForAll("keys") Set<ObjectKey> places) {
    ViewSnapshot snapshot = snapshot(keys);
    TreeSet<String> all = new TreeSet<>();
    keys.forEach(key -> all.add(path(key)));
    for (ObjectKey place : places) {
      assertThat(paths(snapshot.after(place.namespace(), place.name())))
          .containsExactlyElementsOf(all.tailSet(path(place), false));
    }
  }

  @Property
  void whatIsBuiltAtOnceEqualsWhatIsAddedOneByOne(@ForAll("keys") Set<ObjectKey> keys) {
    List<StoredVersion> versions = versions(keys);
    ViewSnapshot grown = ViewSnapshot.of(0, List.of());
    for (StoredVersion version : versions) {
      grown = grown.with(version);
    }
    for (StoredVersion version : versions) {
      assertThat(grown.get(version.key().namespace(), version.key().name())).contains(version);
      assertThat(
              paths(grown.labelled(version.key().namespace(), "name", "n" + version.key().name())))
          .contains(path(version.key()));
    }
    assertThat(paths(grown.all())).isEqualTo(paths(ViewSnapshot.of(0, versions).all()));
  }

  private static ViewSnapshot snapshot(Set<ObjectKey> keys) {
    return ViewSnapshot.of(0, versions(keys));
  }

  private static List<StoredVersion> versions(Set<ObjectKey> keys) {
    List<StoredVersion> versions = new ArrayList<>();
    for (ObjectKey key : keys) {
      ObjectNode object = JsonNodeFactory.instance.objectNode();
      object
          .putObject("metadata")
          .put("name", key.name())
          .putObject("labels")
          .put("name", "n" + key.name());
      versions.add(StoredVersion.Draft.of(key, object).at(REVISION + versions.size(), 1));
    }
    return versions;
  }

  private static List<String> paths(Iterable<StoredObject> objects) {
    List<String> paths = new ArrayList<>();
    objects.forEach(object -> paths.add(path(object.key())));
    return paths;
  }

  private static String path(ObjectKey key) {
    return key.namespace() + "/" + key.name();
  }
}
