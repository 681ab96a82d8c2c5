package dev.ensemble.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ensemble.agent.core.Fields;
import dev.ensemble.agent.core.log.LogLine;
import dev.ensemble.agent.core.pod.PodDefinition;
import dev.ensemble.agent.runtime.ContainerState;
import dev.ensemble.agent.runtime.PodRuntime.ExecResult;
import dev.ensemble.protocol.ToAgent;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Pods of small containers on the node that all test classes share. Names of pods are theirs alone,
 * and their uids.
 */
final class SharedPods implements BeforeAllCallback {
  static final Duration PATIENCE = SharedNode.PATIENCE;
  private static final String IMAGE = "\"image\":\"busybox:1.35.0\",\"imagePullPolicy\":\"Never\"";
  private static TestNode node;

  @Override
  public void beforeAll(ExtensionContext context) throws Exception {
    synchronized (SharedPods.class) {
      new SharedNode().beforeAll(context);
      if (node == null) {
        node = SharedNode.node();
        TestNode.importImages(node.containerd().config().socket(), List.of("busybox"));
      }
    }
  }

  static TestNode node() {
    return node;
  }

  /** In quotes of one kind; {@code $IMAGE} stands for a container's image. */
  static JsonNode json(String text) {
    try {
      return TestNode.JSON.readTree(text.replace("$IMAGE", IMAGE).replace('\'', '"'));
    } catch (IOException e) {
      throw new IllegalArgumentException(e);
    }
  }

  static ObjectNode pod(String name, String spec) {
    ObjectNode pod = Fields.object();
    pod.put("apiVersion", "v1").put("kind", "Pod");
    pod.putObject("metadata").put("name", name).put("namespace", "default").put("uid", name);
    pod.set("spec", json(spec));
    return pod;
  }

  static void run(String name, String spec) {
    run(pod(name, spec));
  }

  static void run(ObjectNode pod) {
    node.tell(new ToAgent.PodDesired(pod));
  }

  static void object(String resource, String name, String json) {
    node.put(resource, name, Optional.of((ObjectNode) json(json)));
  }

  static void until(String pod, Callable<Boolean> condition) {
    await(pod)
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(50))
        .conditionEvaluationListener(
            evaluated -> {
              if (evaluated.getRemainingTimeInMS() <= 0) {
                System.err.println(pod + ": " + node.status(pod).toPrettyString());
                node.events.stream().filter(e -> e.uid().equals(pod)).forEach(System.err::println);
              }
            })
        .until(condition);
  }

  static void untilPhase(String pod, String phase) {
    until(pod, () -> node.phase(pod).equals(phase));
  }

  static void untilReady(String pod) {
    until(pod, () -> condition(pod, "Ready").equals("True"));
  }

  static JsonNode status(String pod) {
    return node.status(pod);
  }

  static String condition(String pod, String type) {
    return Fields.condition(status(pod), type);
  }

  static JsonNode conditionOf(String pod, String type) {
    return Fields.list(status(pod), "conditions").stream()
        .filter(c -> Fields.text(c, "type").equals(type))
        .findFirst()
        .orElseThrow();
  }

  static JsonNode container(String pod, String name) {
    for (String list :
        List.of("containerStatuses", "initContainerStatuses", "ephemeralContainerStatuses")) {
      for (JsonNode status : Fields.list(status(pod), list)) {
        if (Fields.text(status, "name").equals(name)) {
          return status;
        }
      }
    }
    return Fields.object();
  }

  static String waiting(String pod, String name) {
    return Fields.text(container(pod, name), "state", "waiting", "reason");
  }

  static JsonNode terminated(String pod, String name) {
    return Fields.at(container(pod, name), "state", "terminated");
  }

  static JsonNode lastTerminated(String pod, String name) {
    return Fields.at(container(pod, name), "lastState", "terminated");
  }

  static int restarts(String pod, String name) {
    return container(pod, name).path("restartCount").asInt(-1);
  }

  static List<String> events(String pod, String reason) {
    return node.events.stream()
        .filter(e -> e.uid().equals(pod) && e.reason().equals(reason))
        .map(e -> e.message())
        .toList();
  }

  static PodDefinition definition(String pod) {
    return node.parts().directory().find(pod).orElseThrow().pod();
  }

  static ContainerState state(String pod, String name) {
    return node.parts().directory().find(pod).orElseThrow().facts().latest(name).orElseThrow();
  }

  static String log(String pod, String name) throws IOException {
    return log(pod, name, 0);
  }

  static String log(String pod, String name, int attempt) throws IOException {
    StringBuilder text = new StringBuilder();
    Path file = node.parts().folders().log(definition(pod), name, attempt);
    for (String line : Files.readAllLines(file)) {
      LogLine.parse(line).ifPresent(l -> text.append(l.text()).append(l.partial() ? "" : "\n"));
    }
    return text.toString();
  }

  static ExecResult exec(String pod, String name, String... command) {
    return node.runtime()
        .execSync(state(pod, name).id(), List.of(command), Duration.ofSeconds(20))
        .toCompletableFuture()
        .join();
  }

  static String shell(String pod, String name, String script) {
    ExecResult result = exec(pod, name, "sh", "-c", script);
    assertThat(result.stderr()).as(pod + ": " + script).isEmpty();
    return result.stdout();
  }

  /** As the API tells of a deletion; does not wait for the end. */
  static void delete(String pod, int graceSeconds) {
    ObjectNode deleted = definition(pod).object().deepCopy();
    ((ObjectNode) deleted.path("metadata"))
        .put("deletionTimestamp", "2026-01-01T00:00:00Z")
        .put("deletionGracePeriodSeconds", graceSeconds);
    node.tell(new ToAgent.PodDesired(deleted));
  }

  static void untilGone(String pod) {
    until(pod, () -> node.ended.contains(pod));
  }
}
