package dev.ensemble.core.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.TextNode;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class DefinitionsTest {
  private static final String CORE = "io.k8s.api.core.v1.";

  private static Schema.Field field(String type, String name) {
    return Definitions.builtIn().get(CORE + type).field(name).orElseThrow();
  }

  private static Schema scalar(Schema.ScalarKind kind) {
    return new Schema.Scalar(kind);
  }

  @Test
  void aListKnowsItsKeysAndItsMergeKey() {
    Schema.Field ports = field("Container", "ports");
    assertThat(ports.schema())
        .isEqualTo(
            new Schema.ListOf(
                Definitions.builtIn().get(CORE + "ContainerPort"),
                Schema.ListKind.MAP,
                List.of("containerPort", "protocol")));
    assertThat(ports.patchStrategy()).isEqualTo(Schema.PatchStrategy.MERGE);
    assertThat(ports.patchMergeKey()).contains("containerPort");
    assertThat(field("ContainerPort", "protocol").defaultValue())
        .isEqualTo(Optional.of(TextNode.valueOf("TCP")));
    assertThat(field("PodSpec", "volumes").patchStrategy())
        .isEqualTo(Schema.PatchStrategy.MERGE_RETAIN_KEYS);
  }

  @Test
  void leavesHaveTheirKinds() {
    assertThat(field("Secret", "data").schema())
        .isEqualTo(new Schema.MapOf(scalar(Schema.ScalarKind.BYTES), Schema.Merge.GRANULAR));
    assertThat(field("PodSpec", "nodeSelector").schema())
        .isEqualTo(new Schema.MapOf(scalar(Schema.ScalarKind.STRING), Schema.Merge.ATOMIC));
    assertThat(field("ServicePort", "targetPort").schema())
        .isEqualTo(scalar(Schema.ScalarKind.INT_OR_STRING));
    assertThat(field("EmptyDirVolumeSource", "sizeLimit").schema())
        .isEqualTo(scalar(Schema.ScalarKind.QUANTITY));
    assertThat(field("Event", "eventTime").schema())
        .isEqualTo(scalar(Schema.ScalarKind.MICRO_TIME));
    assertThat(field("Event", "firstTimestamp").schema()).isEqualTo(scalar(Schema.ScalarKind.TIME));
  }

  @Test
  void aPointersZeroIsKeptAndAPlainValuesIsNot() {
    assertThat(field("PodSpec", "terminationGracePeriodSeconds").zero())
        .isEqualTo(Schema.Zero.KEPT);
    assertThat(field("PodSpec", "hostNetwork").zero()).isEqualTo(Schema.Zero.DROPPED);
    assertThat(field("Volume", "emptyDir").zero()).isEqualTo(Schema.Zero.KEPT);
    assertThat(field("Container", "resources").zero()).isEqualTo(Schema.Zero.DROPPED);
    assertThat(field("ContainerPort", "containerPort").zero()).isEqualTo(Schema.Zero.KEPT);
  }

  @Test
  void definitionsMayReferToThemselves() {
    Definitions definitions =
        Definitions.parse(
            List.of(
                """
                package a.v1
                serves a/v1
                use b b.v1

                kind Tree kept
                  children [Tree] set
                  leaf* b.Leaf atomic
                """,
                """
                package b.v1

                type Leaf
                  any any
                  claim* Ref granular
                  deep {[{double}]} atomic

                type Ref atomic
                  name string
                """));
    Schema.Struct tree = definitions.byKind(ApiKind.of("a/v1", "Tree")).orElseThrow();
    assertThat(tree.unknown()).isEqualTo(Schema.Unknown.KEPT);
    assertThat(((Schema.ListOf) tree.field("children").orElseThrow().schema()).element())
        .isSameAs(tree);
    Schema.Struct leaf = (Schema.Struct) tree.field("leaf").orElseThrow().schema();
    assertThat(leaf.merge()).isEqualTo(Schema.Merge.ATOMIC);
    assertThat(((Schema.Struct) leaf.field("claim").orElseThrow().schema()).merge())
        .isEqualTo(Schema.Merge.GRANULAR);
    assertThat(definitions.get("b.v1.Ref").merge()).isEqualTo(Schema.Merge.ATOMIC);
    assertThat(leaf.field("deep").orElseThrow().schema())
        .isEqualTo(
            new Schema.MapOf(
                new Schema.ListOf(
                    new Schema.MapOf(scalar(Schema.ScalarKind.DOUBLE), Schema.Merge.GRANULAR),
                    Schema.ListKind.ATOMIC,
                    List.of()),
                Schema.Merge.ATOMIC));
  }

  @Test
  void aReferenceToNothingIsFoundWhenTheTextIsRead() {
    assertThatThrownBy(() -> Definitions.parse(List.of("package a\ntype A\n  b [B]\n")))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("a.B is referred to and not defined");
  }
}
