package dev.ensemble.agent.cri;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CallMetricsTest {
  @ParameterizedTest
  @CsvSource({
    "RunPodSandbox, run_podsandbox",
    "ListPodSandbox, list_podsandbox",
    "PodSandboxStatus, podsandbox_status",
    "ExecSync, exec_sync",
    "ReopenContainerLog, reopen_container_log",
    "Version, version",
  })
  void callsHaveTheKubeletsNames(String method, String operation) {
    assertThat(CallMetrics.operation(method)).isEqualTo(operation);
  }
}
