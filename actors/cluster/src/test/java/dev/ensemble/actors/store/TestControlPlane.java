package dev.ensemble.actors.store;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import dev.ensemble.actors.ControlPlane;
import dev.ensemble.actors.entity.Resident;
import dev.ensemble.actors.ledger.Sealing;
import dev.ensemble.core.object.ResourceName;
import dev.ensemble.core.resource.ResourceType;
import dev.ensemble.core.resource.ResourceTypes;
import dev.ensemble.core.schema.Schema;
import dev.ensemble.persistence.ledger.LedgerStore;
import java.time.Clock;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

/** A control plane over a given ledger store, for tests. */
public final class TestControlPlane {
  private TestControlPlane() {}

  public static ControlPlane start(LedgerStore store, Map<ResourceName, Resident> residents)
      throws Exception {
    ControlPlane plane =
        ControlPlane.start(
            new ControlPlane.Parts(
                config(), types(), store, new XorSealing(), residents, Clock.systemUTC()));
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
        Set.of(),
        new Schema.Struct(kind, Map.of(), Schema.Merge.GRANULAR, Schema.Unknown.KEPT),
        Set.of(),
        List.of(),
        secrecy);
  }

  /** Seals by flipping bits: enough to see that plain text is not stored. */
  static final class XorSealing implements Sealing {
    private final Set<String> destroyed = new HashSet<>();

    @Override
    public synchronized CompletionStage<byte[]> seal(String entity, String uid, byte[] plain) {
      byte[] owner = (uid + "\n").getBytes(java.nio.charset.StandardCharsets.UTF_8);
      byte[] sealed = Arrays.copyOf(owner, owner.length + plain.length);
      for (int i = 0; i < plain.length; i++) {
        sealed[owner.length + i] = (byte) (plain[i] ^ 0x5a);
      }
      return CompletableFuture.completedFuture(sealed);
    }

    @Override
    public synchronized CompletionStage<byte[]> unseal(String entity, byte[] sealed) {
      int end = 0;
      while (sealed[end] != '\n') {
        end++;
      }
      String uid = new String(sealed, 0, end, java.nio.charset.StandardCharsets.UTF_8);
      if (destroyed.contains(uid)) {
        return CompletableFuture.failedFuture(new KeyDestroyedException(entity));
      }
      byte[] plain = new byte[sealed.length - end - 1];
      for (int i = 0; i < plain.length; i++) {
        plain[i] = (byte) (sealed[end + 1 + i] ^ 0x5a);
      }
      return CompletableFuture.completedFuture(plain);
    }

    @Override
    public synchronized CompletionStage<Void> destroyKey(String entity, String uid) {
      destroyed.add(uid);
      return CompletableFuture.completedFuture(null);
    }

    Optional<String> lastDestroyed() {
      return destroyed.stream().reduce((first, second) -> second);
    }
  }
}
