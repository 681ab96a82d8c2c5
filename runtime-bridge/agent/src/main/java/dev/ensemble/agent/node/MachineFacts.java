package dev.ensemble.agent.node;

import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;

/** What this machine is and has. */
public record MachineFacts(
    int cpus,
    long memoryBytes,
    long memoryAvailableBytes,
    long diskBytes,
    long diskAvailableBytes,
    long pidsMax,
    long pids,
    String machineId,
    String systemUuid,
    String bootId,
    String kernel,
    String osImage,
    String architecture) {
  static MachineFacts read(Path folder) throws IOException {
    Map<String, Long> memory = new HashMap<>();
    for (String line : Files.readAllLines(Path.of("/proc/meminfo"))) {
      String[] words = line.split("\\s+", -1);
      memory.put(words[0], Long.parseLong(words[1]) * 1024);
    }
    FileStore disk = Files.getFileStore(folder);
    String threads = text("/proc/loadavg").split(" ", -1)[3];
    String java = System.getProperty("os.arch");
    return new MachineFacts(
        Runtime.getRuntime().availableProcessors(),
        memory.getOrDefault("MemTotal:", 0L),
        memory.getOrDefault("MemAvailable:", 0L),
        disk.getTotalSpace(),
        disk.getUsableSpace(),
        Long.parseLong(text("/proc/sys/kernel/pid_max")),
        Long.parseLong(threads.substring(threads.indexOf('/') + 1)),
        text("/etc/machine-id"),
        text("/sys/class/dmi/id/product_uuid"),
        text("/proc/sys/kernel/random/boot_id"),
        text("/proc/sys/kernel/osrelease"),
        readOsImage(),
        java.equals("aarch64") ? "arm64" : java);
  }

  private static String readOsImage() {
    for (String line : text("/etc/os-release").split("\n", -1)) {
      if (line.startsWith("PRETTY_NAME=")) {
        return line.substring("PRETTY_NAME=".length()).replace("\"", "");
      }
    }
    return "Linux";
  }

  private static String text(String file) {
    // In one read: numbers below /proc/sys cannot be read in parts, and their size is said to be 0.
    byte[] buffer = new byte[8192];
    try (InputStream in = new FileInputStream(file)) {
      return new String(buffer, 0, Math.max(0, in.read(buffer)), StandardCharsets.UTF_8).trim();
    } catch (IOException e) {
      return "";
    }
  }

  /** The address that packets for elsewhere leave with. Nothing is sent. */
  public static String mainAddress() {
    try (DatagramSocket socket = new DatagramSocket()) {
      // Connecting a datagram socket only asks the routing table; the address is for documentation.
      socket.connect(new InetSocketAddress("203.0.113.1", 9));
      InetAddress local = socket.getLocalAddress();
      if (!local.isAnyLocalAddress()) {
        return local.getHostAddress();
      }
    } catch (SocketException | java.io.UncheckedIOException e) {
      return firstAddress();
    }
    return firstAddress();
  }

  private static String firstAddress() {
    try {
      for (NetworkInterface device : Collections.list(NetworkInterface.getNetworkInterfaces())) {
        for (InetAddress address : Collections.list(device.getInetAddresses())) {
          if (!address.isLoopbackAddress() && address.getAddress().length == 4) {
            return address.getHostAddress();
          }
        }
      }
    } catch (SocketException e) {
      return "127.0.0.1";
    }
    return "127.0.0.1";
  }
}
