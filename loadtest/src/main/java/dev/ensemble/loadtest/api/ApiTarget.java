package dev.ensemble.loadtest.api;

import dev.ensemble.loadtest.bench.Arguments;
import dev.ensemble.loadtest.bench.EnsembleProcess;
import dev.ensemble.loadtest.bench.Watched;
import dev.ensemble.loadtest.client.ApiAddress;
import dev.ensemble.loadtest.client.Readiness;
import dev.ensemble.persistence.cassandra.CassandraConnection;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The API server under load: one that was named, or a control plane of our own. */
public final class ApiTarget implements AutoCloseable {
  /** Of the arguments that choose a server. */
  public static final Set<String> ARGUMENTS = Set.of("server", "ca", "cert", "key", "pids", "heap");

  private final ApiAddress address;
  private final Watched watched;
  private final Optional<EnsembleProcess> own;

  private ApiTarget(ApiAddress address, Watched watched, Optional<EnsembleProcess> own) {
    this.address = address;
    this.watched = watched;
    this.own = own;
  }

  /** Waits until the server is ready. */
  public static ApiTarget open(Arguments arguments) throws Exception {
    return open(arguments, List.of());
  }

  /** The same, with more flags for the JVM of a control plane of our own. */
  public static ApiTarget open(Arguments arguments, List<String> flags) throws Exception {
    Optional<String> server = arguments.text("server");
    return server.isPresent() ? named(server.get(), arguments) : own(arguments, flags);
  }

  private static ApiTarget named(String server, Arguments arguments) throws Exception {
    URI uri = URI.create(server);
    ApiAddress address =
        new ApiAddress(
            uri.getHost(),
            uri.getPort() < 0 ? 443 : uri.getPort(),
            file(arguments, "ca"),
            file(arguments, "cert"),
            file(arguments, "key"));
    Map<String, ProcessHandle> processes = new LinkedHashMap<>();
    for (String pid : arguments.text("pids").map(list -> list.split(",")).orElse(new String[0])) {
      ProcessHandle process =
          ProcessHandle.of(Long.parseLong(pid.strip()))
              .orElseThrow(() -> new IllegalArgumentException("there is no process " + pid));
      processes.put("process " + pid.strip(), process);
    }
    Readiness.await(address, () -> {});
    return new ApiTarget(address, Watched.with(processes), Optional.empty());
  }

  private static Path file(Arguments arguments, String name) {
    return Path.of(
        arguments
            .text(name)
            .orElseThrow(() -> new IllegalArgumentException("--server needs --" + name + " FILE")));
  }

  private static ApiTarget own(Arguments arguments, List<String> flags) throws Exception {
    int heap = arguments.number("heap", EnsembleProcess.usualHeapMebibytes());
    System.out.printf("starting a control plane of our own, heap %d MiB%n", heap);
    EnsembleProcess process = EnsembleProcess.prepare(heap, flags);
    try {
      process.start();
      process.awaitReady();
      return new ApiTarget(
          process.address(), Watched.with(process.processes()), Optional.of(process));
    } catch (Exception e) {
      process.close();
      throw e;
    }
  }

  public ApiAddress address() {
    return address;
  }

  public Watched watched() {
    return watched;
  }

  /** A connection to the Cassandra of our own control plane. */
  public Optional<CassandraConnection> cassandra() {
    return own.map(EnsembleProcess::cassandra);
  }

  /** The last lines of our own control plane, for what went wrong. */
  public String lastOutput() {
    return own.map(EnsembleProcess::lastOutput).orElse("");
  }

  @Override
  public void close() throws IOException {
    if (own.isPresent()) {
      own.get().close();
    }
  }
}
