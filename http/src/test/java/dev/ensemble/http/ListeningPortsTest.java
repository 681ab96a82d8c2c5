package dev.ensemble.http;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.ServerSocket;
import org.junit.jupiter.api.Test;

class ListeningPortsTest {
  @Test
  void aTakenPortIsNamedWithItsSettingAndOwner() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      int port = taken.getLocalPort();
      assertThatThrownBy(() -> ListeningPorts.requireFree("0.0.0.0", port, "ensemble.api.port"))
          .hasMessageContaining("port %d of 0.0.0.0 (ensemble.api.port)".formatted(port))
          .hasMessageContaining("by process %d (".formatted(ProcessHandle.current().pid()));
    }
  }
}
