package dev.ensemble.agent.observe;

import com.sun.management.UnixOperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import java.lang.management.MemoryUsage;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.DoubleSupplier;
import kamon.Kamon;
import kamon.metric.Gauge;

/** The agent's own process: memory, collections, threads, processor time, under usual names. */
final class ProcessGauges {
  private static final Duration INTERVAL = Duration.ofSeconds(10);

  /** The kernel counts in pages of 4 KiB on every machine that runs us. */
  private static final long PAGE_BYTES = 4096;

  private ProcessGauges() {}

  static void start(DoubleSupplier pods, DoubleSupplier containers) {
    MemoryMXBean memory = ManagementFactory.getMemoryMXBean();
    area("heap", memory::getHeapMemoryUsage);
    area("nonheap", memory::getNonHeapMemoryUsage);
    follow(gauge("jvm_threads_current"), ManagementFactory.getThreadMXBean()::getThreadCount);
    for (GarbageCollectorMXBean collector : ManagementFactory.getGarbageCollectorMXBeans()) {
      String name = collector.getName();
      follow(
          Kamon.gauge("jvm_gc_collection_seconds_sum").withTag("gc", name),
          () -> collector.getCollectionTime() / 1000.0);
      follow(
          Kamon.gauge("jvm_gc_collection_seconds_count").withTag("gc", name),
          collector::getCollectionCount);
    }
    if (ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean system) {
      follow(gauge("process_cpu_seconds_total"), () -> system.getProcessCpuTime() / 1e9);
      follow(gauge("process_open_fds"), system::getOpenFileDescriptorCount);
    }
    follow(gauge("process_resident_memory_bytes"), ProcessGauges::residentBytes);
    double started = ManagementFactory.getRuntimeMXBean().getStartTime() / 1000.0;
    follow(gauge("process_start_time_seconds"), () -> started);
    follow(gauge("kubelet_running_pods"), pods);
    follow(gauge("kubelet_running_containers"), containers);
  }

  private interface Usage {
    MemoryUsage read();
  }

  private static void area(String name, Usage usage) {
    follow(
        Kamon.gauge("jvm_memory_used_bytes").withTag("area", name), () -> usage.read().getUsed());
    follow(
        Kamon.gauge("jvm_memory_committed_bytes").withTag("area", name),
        () -> usage.read().getCommitted());
    follow(Kamon.gauge("jvm_memory_max_bytes").withTag("area", name), () -> usage.read().getMax());
  }

  private static Gauge gauge(String name) {
    return Kamon.gauge(name).withoutTags();
  }

  private static void follow(Gauge gauge, DoubleSupplier value) {
    gauge.update(value.getAsDouble());
    // The type tells Java's method from Scala's.
    Consumer<Gauge> read = now -> now.update(value.getAsDouble());
    gauge.autoUpdate(read, INTERVAL);
  }

  private static double residentBytes() {
    try {
      String[] pages =
          Files.readString(Path.of("/proc/self/statm"), StandardCharsets.US_ASCII).split(" ", 3);
      return (double) Long.parseLong(pages[1]) * PAGE_BYTES;
    } catch (IOException | NumberFormatException e) {
      return 0;
    }
  }
}
