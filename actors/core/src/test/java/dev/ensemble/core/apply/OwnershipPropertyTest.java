package dev.ensemble.core.apply;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ensemble.core.apply.ApplyResult.Applied;
import dev.ensemble.core.schema.Schema;
import dev.ensemble.core.schema.SchemaValues;
import dev.ensemble.core.schema.Schemas;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;

class OwnershipPropertyTest {
  private static final Schema.Struct SCHEMA = Schemas.DEPLOYMENT;
  private static final Tracking TRACKING = new Tracking(SCHEMA, Set.of());

  /** Structs that upstream's encoder writes when they are empty: owned, and not there. */
  private static final Set<String> ALWAYS_ENCODED =
      Set.of("metadata", "spec", "status", "strategy", "template", "resources");

  private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");

  @Provide
  Arbitrary<ObjectNode> deployments() {
    return SchemaValues.of(SCHEMA, "apiVersion", "kind").map(OwnershipPropertyTest::typed);
  }

  @Provide
  Arbitrary<List<Tuple.Tuple2<Integer, ObjectNode>>> writes() {
    return net.jqwik.api.Combinators.combine(
            net.jqwik.api.Arbitraries.integers().between(0, 5),
            deployments().map(object -> (ObjectNode) filled(object)))
        .as(Tuple::of)
        .list()
        .ofMinSize(1)
        .ofMaxSize(6);
  }

  @Property(tries = 300)
  void whatOnlyOneApplierOwnsBecomesWhatItAppliesLast(
      @ForAll("deployments") ObjectNode first, @ForAll("deployments") ObjectNode second) {
    ObjectNode live = apply(Optional.empty(), first, "ci", ConflictPolicy.REFUSE);
    ObjectNode after = apply(Optional.of(live), second, "ci", ConflictPolicy.REFUSE);
    assertThat(filled(ManagedFields.without(after))).isEqualTo(filled(second));
  }

  @Property(tries = 300)
  void applyingAgainChangesNothing(
      @ForAll("deployments") ObjectNode start, @ForAll("deployments") ObjectNode config) {
    ObjectNode live = update(Optional.empty(), start, "someone");
    ObjectNode once = apply(Optional.of(live), config, "ci", ConflictPolicy.FORCE);
    ApplyResult again =
        ServerSideApply.apply(
            Optional.of(once),
            config,
            owner("ci"),
            ConflictPolicy.REFUSE,
            NOW.plusSeconds(9),
            TRACKING);
    assertThat(again).isEqualTo(new Applied(once));
  }

  @Property(tries = 300)
  void applyingSomethingElseTwiceChangesNothingTheSecondTime(
      @ForAll("deployments") ObjectNode start,
      @ForAll("deployments") ObjectNode first,
      @ForAll("deployments") ObjectNode second) {
    ObjectNode live = update(Optional.empty(), start, "someone");
    ObjectNode before = apply(Optional.of(live), first, "ci", ConflictPolicy.FORCE);
    ObjectNode once = apply(Optional.of(before), second, "ci", ConflictPolicy.FORCE);
    assertThat(apply(Optional.of(once), second, "ci", ConflictPolicy.REFUSE)).isEqualTo(once);
  }

  @Property(tries = 300)
  void onlyFieldsThatAreThereAreOwnedAndOnesOwnChangesAlways(
      @ForAll("writes") List<Tuple.Tuple2<Integer, ObjectNode>> writes) {
    Optional<ObjectNode> live = Optional.empty();
    for (Tuple.Tuple2<Integer, ObjectNode> write : writes) {
      String name = "m" + write.get1() / 2;
      ObjectNode object = write.get2();
      ObjectNode after =
          write.get1() % 2 == 0
              ? update(live, object, name)
              : apply(live, object, name, ConflictPolicy.FORCE);
      assertThat(onlyOwnedFieldsOf(after)).as("%s", after).isEmpty();
      Comparison change =
          Comparison.of(
              live.map(ManagedFields::without).orElseGet(ManagedFields::nothing),
              ManagedFields.without(after),
              SCHEMA);
      FieldSet mine = FieldSet.EMPTY;
      for (ManagedEntry entry : entries(after).entries()) {
        mine = entry.manager().equals(name) ? mine.union(entry.fields()) : mine;
      }
      if (write.get1() % 2 == 0) {
        assertThat(ManagedEntries.tracked(change.set()).difference(mine).paths()).isEmpty();
      }
      live = Optional.of(after);
    }
  }

  @Property(tries = 300)
  void setsObeyTheLawsOfSets(
      @ForAll("deployments") ObjectNode first, @ForAll("deployments") ObjectNode second) {
    FieldSet left = OwnedFields.ofApplied(first, SCHEMA);
    FieldSet right = OwnedFields.ofApplied(second, SCHEMA);
    FieldSet both = left.intersection(right);
    assertThat(left.difference(right).union(both)).isEqualTo(left);
    assertThat(left.union(right)).isEqualTo(right.union(left));
    assertThat(both).isEqualTo(right.intersection(left));
    assertThat(left.difference(right).intersection(right).paths()).isEmpty();
    assertThat(left.union(right).difference(right)).isEqualTo(left.difference(right));
    assertThat(FieldSet.decode(left.json())).contains(left);
    assertThat(left.paths()).doesNotHaveDuplicates();
  }

  @Property(tries = 300)
  void whatCameAndWhatWentAreMirrorImages(
      @ForAll("deployments") ObjectNode first, @ForAll("deployments") ObjectNode second) {
    Comparison there = Comparison.of(first, second, SCHEMA);
    Comparison back = Comparison.of(second, first, SCHEMA);
    assertThat(there)
        .isEqualTo(
            new Comparison(
                /* added= */ back.removed(), back.modified(), /* removed= */ back.added()));
    assertThat(Comparison.of(first, first.deepCopy(), SCHEMA).isEmpty()).isTrue();
  }

  private static List<String> onlyOwnedFieldsOf(ObjectNode object) {
    FieldSet there = OwnedFields.ofStored(ManagedFields.without(object), SCHEMA);
    Comparison all = Comparison.of(ManagedFields.nothing(), ManagedFields.without(object), SCHEMA);
    return entries(object).owned().difference(there.union(all.added())).paths().stream()
        .filter(path -> !ALWAYS_ENCODED.contains(path.substring(path.lastIndexOf('.') + 1)))
        .toList();
  }

  private static ManagedEntries entries(ObjectNode object) {
    return ManagedEntries.decode(ManagedFields.of(object), ManagedEntry.Trust.OWN).orElseThrow();
  }

  private static ObjectNode update(Optional<ObjectNode> live, ObjectNode object, String name) {
    return ManagedFields.afterUpdate(live, object, owner(name), NOW, TRACKING);
  }

  private static ObjectNode apply(
      Optional<ObjectNode> live, ObjectNode config, String name, ConflictPolicy policy) {
    ApplyResult result = ServerSideApply.apply(live, config, owner(name), policy, NOW, TRACKING);
    assertThat(result).isInstanceOf(Applied.class);
    return ((Applied) result).object();
  }

  private static FieldOwner owner(String name) {
    return FieldOwner.of(name, "apps/v1");
  }

  /**
   * With a field that is tracked, and without those that never are: they outlive their appliers.
   */
  private static ObjectNode typed(ObjectNode object) {
    ObjectNode metadata = object.withObjectProperty("metadata");
    metadata.retain("labels", "annotations", "finalizers", "ownerReferences");
    metadata.withObjectProperty("labels").put("always", "there");
    return object.put("apiVersion", "apps/v1").put("kind", "Deployment");
  }

  /** Without empty objects and lists. */
  private static JsonNode filled(JsonNode node) {
    if (node.isObject()) {
      ObjectNode result = JsonNodeFactory.instance.objectNode();
      node.fields()
          .forEachRemaining(
              field -> {
                JsonNode value = filled(field.getValue());
                if (!value.isContainerNode() || !value.isEmpty()) {
                  result.set(field.getKey(), value);
                }
              });
      return result;
    }
    if (node.isArray()) {
      ArrayNode result = JsonNodeFactory.instance.arrayNode();
      node.forEach(item -> result.add(filled(item)));
      return result;
    }
    return node;
  }
}
