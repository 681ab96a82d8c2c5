package dev.ensemble.loadtest.faults;

import com.fasterxml.jackson.databind.JsonNode;
import dev.ensemble.loadtest.machine.Programs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The processes of a node's containerd, found in the machine's own list. */
record Shims(ProductUnderTest product) {
  /** One for each sandbox that runs. */
  List<Long> all() throws IOException {
    List<Long> shims = new ArrayList<>();
    for (String line : processesNaming("-address " + product.containerdHome())) {
      if (line.contains("containerd-shim")) {
        shims.add(Long.parseLong(line.strip().split(" ", 2)[0]));
      }
    }
    return shims;
  }

  /** The shim has the sandbox's id in its arguments; the container's process is its child. */
  long of(JsonNode pod) throws IOException {
    String uid = pod.path("metadata").path("uid").asText();
    for (long shim : all()) {
      if (childrenAreIn(shim, uid)) {
        return shim;
      }
    }
    throw new AssertionError("no shim of " + uid);
  }

  /** Of a pod's processes, the one whose arguments name the program. */
  long process(JsonNode pod, String program) throws IOException {
    long shim = of(pod);
    for (String line :
        Programs.output(List.of("ps", "-o", "pid=,args=", "--ppid", Long.toString(shim)))
            .split("\n", -1)) {
      if (line.contains(program)) {
        return Long.parseLong(line.strip().split(" ", 2)[0]);
      }
    }
    throw new AssertionError(shim + " has no child " + program);
  }

  private static boolean childrenAreIn(long pid, String uid) {
    return ProcessHandle.of(pid).stream()
        .flatMap(ProcessHandle::children)
        .map(child -> Path.of("/proc", Long.toString(child.pid()), "cgroup"))
        .anyMatch(file -> contains(file, uid));
  }

  private static boolean contains(Path file, String text) {
    try {
      return Files.readString(file).contains(text);
    } catch (IOException e) {
      return false;
    }
  }

  /** Lines of pid and arguments. */
  static List<String> processesNaming(String words) throws IOException {
    List<String> found = new ArrayList<>();
    for (String line : Programs.output(List.of("ps", "-eo", "pid,args", "-ww")).split("\n", -1)) {
      if (line.contains(words)) {
        found.add(line);
      }
    }
    return found;
  }
}
