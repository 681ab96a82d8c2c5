package dev.ensemble.actors.store;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import dev.ensemble.actors.ControlPlane;
import dev.ensemble.actors.entity.Resident;
import dev.ensemble.core.object.ResourceName;
import dev.ensemble.core.resource.ResourceType;
import dev.ensemble.core.resource.ResourceTypes;
import dev.ensemble.core.schema.Schema;
import dev.ensemble.persistence.ledger.LedgerStore;
import dev.ensemble.persistence.seal.Sealer;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** A control plane over a given ledger store, for tests. */
public final class TestControlPlane {
  private TestControlPlane() {}

  public static ControlPlane start(
      LedgerStore store, Sealer sealer, Map<ResourceName, Resident> residents) throws Exception {
    return start(store, sealer, residents, config());
  }

  static ControlPlane start(
      LedgerStore store, Sealer sealer, Map<ResourceName, Resident> residents, Config config)
      throws Exception {
    ControlPlane plane =
        ControlPlane.start(
            new ControlPlane.Parts(config, types(), store, sealer, residents, Clock.systemUTC()));
    plane.ledgers().recovered().toCompletableFuture().get(30, TimeUnit.SECONDS);
    return plane;
  }

  public static Config config() {
    return ConfigFactory.parseResources("akka.conf")
        .withFallback(ConfigFactory.parseResources("entities.conf"))
        .withFallback(ConfigFactory.defaultReference())
        .resolve();
  }

  private static ResourceTypes types() {
    return new ResourceTypes(
        List.of(
            type("", "pods", "Pod", ResourceType.Secrecy.OPEN),
            type("", "configmaps", "ConfigMap", ResourceType.Secrecy.OPEN),
            type("", "secrets", "Secret", ResourceType.Secrecy.SEALED)));
  }

  private static ResourceType type(
      String group, String plural, String kind, ResourceType.Secrecy secrecy) {
    return new ResourceType(
        group,
        "v1",
        plural,
        plural,
        kind,
        ResourceType.Scope.NAMESPACED,
        List.of(),
        List.of(),
        ResourceType.ALL_VERBS,
        Set.of(),
        new Schema.Struct(kind, Map.of(), Schema.Merge.GRANULAR, Schema.Unknown.KEPT),
        Set.of(),
        List.of(),
        secrecy);
  }
}
