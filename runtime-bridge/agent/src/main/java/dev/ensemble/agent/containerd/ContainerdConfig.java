package dev.ensemble.agent.containerd;

import java.nio.file.Path;

/**
 * Where a private containerd keeps its things, and its configuration file (format version 2, read
 * by containerd 1.6 to 2.x).
 *
 * @param home root, state, socket, logs and CNI configuration are below it
 * @param sandboxImage the pause image
 * @param cniBinaries the folder of the CNI plugins
 */
public record ContainerdConfig(Path home, String sandboxImage, Path cniBinaries) {
  /** A longer path is refused by the kernel (sun_path). */
  private static final int SOCKET_PATH_BYTES_MAX = 107;

  public ContainerdConfig {
    home = home.toAbsolutePath();
    if (home.resolve("containerd.sock.ttrpc").toString().length() > SOCKET_PATH_BYTES_MAX) {
      throw new IllegalArgumentException("too long for a socket's path: " + home);
    }
  }

  public Path socket() {
    return home.resolve("containerd.sock");
  }

  public Path root() {
    return home.resolve("root");
  }

  public Path state() {
    return home.resolve("state");
  }

  public Path configFile() {
    return home.resolve("config.toml");
  }

  public Path pidFile() {
    return home.resolve("containerd.pid");
  }

  public Path logFile() {
    return home.resolve("containerd.log");
  }

  public Path cniConfig() {
    return home.resolve("cni");
  }

  /** One folder a registry, as containerd's hosts.toml documentation has it. */
  public Path registries() {
    return home.resolve("certs.d");
  }

  /** restrict_oom_score_adj: without CAP_SYS_RESOURCE no sandbox starts otherwise. */
  public String toToml() {
    return """
    version = 2
    root = "%s"
    state = "%s"
    disabled_plugins = ["io.containerd.internal.v1.opt", "io.containerd.snapshotter.v1.btrfs", \
    "io.containerd.snapshotter.v1.devmapper", "io.containerd.snapshotter.v1.zfs", \
    "io.containerd.snapshotter.v1.aufs", "io.containerd.tracing.processor.v1.otlp"]

    [grpc]
      address = "%s"

    [plugins."io.containerd.grpc.v1.cri"]
      sandbox_image = "%s"
      restrict_oom_score_adj = true
      stream_server_address = "127.0.0.1"
      stream_server_port = "0"

    [plugins."io.containerd.grpc.v1.cri".cni]
      bin_dir = "%s"
      conf_dir = "%s"

    [plugins."io.containerd.grpc.v1.cri".registry]
      config_path = "%s"

    [plugins."io.containerd.grpc.v1.cri".containerd]
      default_runtime_name = "runc"

    [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc]
      runtime_type = "io.containerd.runc.v2"
    """
        .formatted(root(), state(), socket(), sandboxImage, cniBinaries, cniConfig(), registries());
  }
}
