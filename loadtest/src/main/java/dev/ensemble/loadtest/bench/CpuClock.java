package dev.ensemble.loadtest.bench;

import java.time.Duration;

/** CPU time that a process has used so far, user and system. */
public final class CpuClock {
  private final ProcessHandle process;

  private CpuClock(ProcessHandle process) {
    this.process = process;
  }

  public static CpuClock of(ProcessHandle process) {
    return new CpuClock(process);
  }

  public static CpuClock ofThisProcess() {
    return new CpuClock(ProcessHandle.current());
  }

  /** Fails when the process has ended. */
  public Duration used() {
    return process
        .info()
        .totalCpuDuration()
        .orElseThrow(() -> new IllegalStateException("no CPU time of process " + process.pid()));
  }
}
