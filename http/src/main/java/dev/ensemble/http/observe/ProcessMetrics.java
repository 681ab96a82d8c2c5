package dev.ensemble.http.observe;

import akka.actor.typed.ActorSystem;
import com.sun.management.GarbageCollectionNotificationInfo;
import com.sun.management.UnixOperatingSystemMXBean;
import dev.ensemble.actors.observe.Durations;
import dev.ensemble.actors.observe.Sampling;
import java.io.IOException;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryUsage;
import java.lang.management.ThreadMXBean;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import javax.management.NotificationEmitter;
import javax.management.openmbean.CompositeData;
import kamon.Kamon;
import kamon.metric.Counter;
import kamon.metric.Gauge;
import kamon.metric.Histogram;
import kamon.metric.MeasurementUnit;
import kamon.tag.TagSet;

/** The JVM and the process, under the names that Prometheus' own clients have for them. */
public final class ProcessMetrics {
  private static final Path STATUS = Path.of("/proc/self/status");

  private final List<Runnable> samples = new ArrayList<>();
  private long cpuNanosSeen;

  private ProcessMetrics() {
    memory();
    threads();
    classes();
    process();
  }

  /** Samples them as long as the actor system lives. Once in a process. */
  public static void watch(ActorSystem<?> system) {
    ProcessMetrics metrics = new ProcessMetrics();
    collections();
    Sampling.of(system).add(() -> metrics.samples.forEach(Runnable::run));
  }

  private void memory() {
    var memory = ManagementFactory.getMemoryMXBean();
    memory("jvm_memory", "area", "heap", memory::getHeapMemoryUsage);
    memory("jvm_memory", "area", "nonheap", memory::getNonHeapMemoryUsage);
    for (MemoryPoolMXBean pool : ManagementFactory.getMemoryPoolMXBeans()) {
      memory("jvm_memory_pool", "pool", pool.getName(), pool::getUsage);
    }
    for (BufferPoolMXBean pool : ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class)) {
      Gauge used = bytes("jvm_buffer_pool_used").withTag("pool", pool.getName());
      samples.add(() -> used.update((double) pool.getMemoryUsed()));
    }
  }

  private interface Usage {
    MemoryUsage now();
  }

  private void memory(String name, String label, String value, Usage usage) {
    Gauge used = bytes(name + "_used").withTag(label, value);
    Gauge committed = bytes(name + "_committed").withTag(label, value);
    Gauge max = bytes(name + "_max").withTag(label, value);
    samples.add(
        () -> {
          MemoryUsage now = usage.now();
          used.update((double) now.getUsed());
          committed.update((double) now.getCommitted());
          // -1: has no limit.
          max.update((double) now.getMax());
        });
  }

  private static kamon.metric.Metric.Gauge bytes(String name) {
    return Kamon.gauge(name, MeasurementUnit.information().bytes());
  }

  private void threads() {
    ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    Gauge current = Kamon.gauge("jvm_threads_current").withoutTags();
    Gauge daemon = Kamon.gauge("jvm_threads_daemon").withoutTags();
    Gauge peak = Kamon.gauge("jvm_threads_peak").withoutTags();
    samples.add(
        () -> {
          current.update(threads.getThreadCount());
          daemon.update(threads.getDaemonThreadCount());
          peak.update(threads.getPeakThreadCount());
        });
  }

  private void classes() {
    var loading = ManagementFactory.getClassLoadingMXBean();
    Gauge loaded = Kamon.gauge("jvm_classes_currently_loaded").withoutTags();
    samples.add(() -> loaded.update(loading.getLoadedClassCount()));
  }

  /** Not sampled: each collection tells of itself, so that the longest is seen too. */
  private static void collections() {
    for (GarbageCollectorMXBean collector : ManagementFactory.getGarbageCollectorMXBeans()) {
      Histogram pauses =
          Durations.histogram("jvm_gc_pause_seconds", "collections of garbage")
              .withTag("gc", collector.getName());
      if (collector instanceof NotificationEmitter emitter) {
        emitter.addNotificationListener(
            (notification, handback) ->
                pauses.record(
                    TimeUnit.MILLISECONDS.toNanos(
                        GarbageCollectionNotificationInfo.from(
                                (CompositeData) notification.getUserData())
                            .getGcInfo()
                            .getDuration())),
            notification ->
                notification
                    .getType()
                    .equals(GarbageCollectionNotificationInfo.GARBAGE_COLLECTION_NOTIFICATION),
            null);
      }
    }
  }

  private void process() {
    Kamon.gauge("process_start_time_seconds")
        .withoutTags()
        .update(ManagementFactory.getRuntimeMXBean().getStartTime() / 1000.0);
    Kamon.gauge("jvm_info")
        .withTags(
            TagSet.from(
                Map.of(
                    "version", Runtime.version().toString(),
                    "vendor", System.getProperty("java.vendor", ""))))
        .update(1);
    if (ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean machine) {
      Counter cpu =
          Kamon.counter("process_cpu", MeasurementUnit.time().nanoseconds()).withoutTags();
      Gauge open = Kamon.gauge("process_open_fds").withoutTags();
      Gauge max = Kamon.gauge("process_max_fds").withoutTags();
      samples.add(
          () -> {
            long cpuNanos = machine.getProcessCpuTime();
            cpu.increment(Math.max(0, cpuNanos - cpuNanosSeen));
            cpuNanosSeen = cpuNanos;
            open.update((double) machine.getOpenFileDescriptorCount());
            max.update((double) machine.getMaxFileDescriptorCount());
          });
    }
    if (Files.exists(STATUS)) {
      Gauge resident = bytes("process_resident_memory").withoutTags();
      samples.add(() -> resident.update((double) residentBytes()));
    }
  }

  private static long residentBytes() {
    try {
      for (String line : Files.readAllLines(STATUS, StandardCharsets.ISO_8859_1)) {
        if (line.startsWith("VmRSS:")) {
          return Long.parseLong(line.replaceAll("[^0-9]", "")) * 1024;
        }
      }
    } catch (IOException e) {
      return 0;
    }
    return 0;
  }
}
