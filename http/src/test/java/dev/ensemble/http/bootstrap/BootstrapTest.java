package dev.ensemble.http.bootstrap;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.ensemble.core.object.ResourceName;
import dev.ensemble.core.resource.BuiltInResources;
import dev.ensemble.http.testing.MemoryObjectStore;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class BootstrapTest {
  private final MemoryObjectStore store = new MemoryObjectStore(BuiltInResources.types());

  private void start(Optional<String> address, int port) throws Exception {
    new Bootstrap(
            store,
            new StandardObjects("PEM", "10.43.0.1", address, port),
            () -> Instant.EPOCH,
            Runnable::run)
        .start()
        .toCompletableFuture()
        .get(10, TimeUnit.SECONDS);
  }

  private JsonNode kubernetes(String resource) {
    return store
        .view(ResourceName.parse(resource))
        .snapshot()
        .get("default", "kubernetes")
        .orElseThrow()
        .tree();
  }

  private String endpoints() {
    return kubernetes("endpoints").path("subsets").toString();
  }

  private String slice() {
    JsonNode slice = kubernetes("endpointslices.discovery.k8s.io");
    return slice.path("endpoints") + " " + slice.path("ports");
  }

  @Test
  void theServersEndpointsFollowItsAddressAndPortFromStartToStart() throws Exception {
    start(Optional.of("192.0.2.1"), 6443);
    start(Optional.of("192.0.2.7"), 7443);
    assertThat(endpoints())
        .isEqualTo(
            "[{\"addresses\":[{\"ip\":\"192.0.2.7\"}],\"ports\":[{\"name\":\"https\",\"port\":7443,"
                + "\"protocol\":\"TCP\"}]}]");
    assertThat(slice())
        .isEqualTo(
            "[{\"addresses\":[\"192.0.2.7\"],\"conditions\":{\"ready\":true}}]"
                + " [{\"name\":\"https\",\"port\":7443,\"protocol\":\"TCP\"}]");
    assertThat(kubernetes("services").at("/spec/ports/0/targetPort").asInt()).isEqualTo(7443);
  }

  @Test
  void aServerForThisMachineOnlyHasNoEndpoints() throws Exception {
    start(Optional.of("192.0.2.1"), 6443);
    start(Optional.empty(), 6443);
    assertThat(endpoints()).isEmpty();
    assertThat(slice()).startsWith("[] ");
  }

  @Test
  void aStartThatFindsAllAsItShouldBeWritesNothing() throws Exception {
    start(Optional.of("192.0.2.1"), 6443);
    int writes = store.provenances().size();
    start(Optional.of("192.0.2.1"), 6443);
    assertThat(store.provenances()).hasSize(writes);
  }
}
