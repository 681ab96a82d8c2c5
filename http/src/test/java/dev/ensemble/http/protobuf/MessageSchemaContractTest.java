package dev.ensemble.http.protobuf;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Descriptors.Descriptor;
import dev.ensemble.core.schema.Definitions;
import dev.ensemble.core.schema.Schema;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Published message types and our definitions say the same: nothing decodes as {} in silence. */
class MessageSchemaContractTest {
  /** An alpha type of 1.35 that 1.36, whose messages the library has, took back. */
  private static final String WORKLOAD_REFERENCE = "io.k8s.api.core.v1.WorkloadReference";

  private final Definitions definitions = Definitions.builtIn();
  private final ValueReaders readers = new ValueReaders();

  @Test
  void everyDefinitionHasItsMessageType() {
    Set<String> without = new TreeSet<>();
    for (String name : definitions.all().keySet()) {
      if (MessageTypes.of(name).isEmpty()) {
        without.add(name);
      }
    }
    assertThat(without).containsExactly(WORKLOAD_REFERENCE);
  }

  /** Making a plan also checks that every type of a field fits; a misfit throws. */
  @Test
  void everyFieldOfADefinitionIsAFieldOfItsMessage() {
    TreeMap<String, Set<String>> missing = new TreeMap<>();
    for (Schema.Struct struct : structs()) {
      Set<String> fields = new TreeSet<>(struct.fields().keySet());
      if (definitions.kindOf(struct.name()).isPresent()) {
        // The envelope has them.
        fields.remove("apiVersion");
        fields.remove("kind");
      }
      fields.removeAll(plan(struct).covered());
      if (!fields.isEmpty()) {
        missing.put(struct.name(), fields);
      }
    }
    assertThat(missing).isEqualTo(Map.of("io.k8s.api.core.v1.PodSpec", Set.of("workloadRef")));
  }

  /** Those are of Kubernetes 1.36, whose messages the library has; they are pruned. */
  @Test
  void fieldsOfMessagesThatAreNotInTheSchemaAreKnownToBeNewer() {
    Set<String> newer = new TreeSet<>();
    structs().forEach(struct -> newer.addAll(plan(struct).withoutPartner()));
    assertThat(newer)
        .containsExactly(
            "k8s.io.api.core.v1.PodSpec.schedulingGroup",
            "k8s.io.api.core.v1.PodStatus.nodeAllocatableResourceClaimStatuses",
            "k8s.io.api.core.v1.ResourceHealth.message",
            "k8s.io.api.core.v1.VolumeMountStatus.volumeStatus",
            "k8s.io.apimachinery.pkg.apis.meta.v1.ListMeta.shardInfo");
  }

  private List<Schema.Struct> structs() {
    return definitions.all().values().stream()
        .filter(struct -> !struct.name().equals(WORKLOAD_REFERENCE))
        .toList();
  }

  private MessagePlan plan(Schema.Struct struct) {
    Descriptor message = MessageTypes.of(struct.name()).orElseThrow();
    return readers.plan(message, struct);
  }
}
