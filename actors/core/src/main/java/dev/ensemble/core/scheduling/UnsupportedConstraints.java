package dev.ensemble.core.scheduling;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Finds hard constraints that no filter here judges yet. A pod that has one is never placed:
 * placing it against its will would be worse than leaving it Pending.
 */
final class UnsupportedConstraints {
  /** In-tree disks that may be attached once only (upstream's VolumeRestrictions). */
  private static final List<String> EXCLUSIVE_DISKS =
      List.of("gcePersistentDisk", "awsElasticBlockStore", "azureDisk", "cinder", "iscsi", "rbd");

  private UnsupportedConstraints() {}

  static List<String> of(JsonNode spec) {
    List<String> found = new ArrayList<>();
    found.addAll(volumes(spec.path("volumes")));
    if (!spec.path("resourceClaims").isEmpty()) {
      found.add("resource claims");
    }
    if (spec.has("workloadRef")) {
      found.add("gangs (workloadRef)");
    }
    return found;
  }

  private static Set<String> volumes(JsonNode volumes) {
    Set<String> found = new TreeSet<>();
    for (JsonNode volume : volumes) {
      if (volume.has("persistentVolumeClaim")) {
        found.add("volumes of persistent volume claims");
      }
      if (volume.has("ephemeral")) {
        found.add("ephemeral volumes with a claim template");
      }
      for (String disk : EXCLUSIVE_DISKS) {
        if (volume.has(disk)) {
          found.add(disk + " volumes");
        }
      }
    }
    return found;
  }
}
