package dev.ensemble.agent;

import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ensemble.agent.core.Fields;
import dev.ensemble.agent.observe.AgentMetrics;
import dev.ensemble.agent.observe.KamonAgentMetrics;
import dev.ensemble.agent.runtime.ContainerState;
import dev.ensemble.protocol.ToAgent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ExtensionContext.Store.CloseableResource;

/**
 * One node on one containerd for all test classes that are extended with it; it ends with the last
 * of them. Each test has pods of its own names.
 */
public final class SharedNode implements BeforeAllCallback {
  public static final Duration PATIENCE = Duration.ofSeconds(60);

  /** An image that every test can use: it has a shell. */
  public static final String IMAGE = "nginx:1.14.2";

  private static final AgentMetrics METRICS = new KamonAgentMetrics();
  private static Running running;

  private record Running(Path folder, TestNode node) implements CloseableResource {
    @Override
    public void close() throws Exception {
      node.close();
      new ProcessBuilder("rm", "-rf", folder.toString()).start().waitFor();
    }
  }

  @Override
  public void beforeAll(ExtensionContext context) throws Exception {
    running =
        context
            .getRoot()
            .getStore(Namespace.GLOBAL)
            .getOrComputeIfAbsent(SharedNode.class, key -> start(), Running.class);
  }

  private static Running start() {
    try {
      Path folder = Files.createTempDirectory("ens-sh");
      TestNode node = new TestNode(folder, new TestNode.Place("sh", 215), METRICS);
      node.open();
      node.synced();
      return new Running(folder, node);
    } catch (Exception e) {
      throw new IllegalStateException("the node did not start", e);
    }
  }

  public static TestNode node() {
    return running.node();
  }

  /** Asks for a pod of this spec; its name is its uid. */
  public static void run(String uid, String spec) throws Exception {
    node().tell(new ToAgent.PodDesired(pod(uid, spec)));
  }

  private static ObjectNode pod(String uid, String spec) throws Exception {
    ObjectNode pod = Fields.object();
    pod.put("apiVersion", "v1").put("kind", "Pod");
    pod.putObject("metadata").put("name", uid).put("namespace", "default").put("uid", uid);
    pod.set("spec", TestNode.JSON.readTree(spec));
    return pod;
  }

  /** The agent ends and another one starts; it is told of this pod only. */
  public static void restartAgent(String uid, String spec) throws Exception {
    node().stopAgent();
    node().statuses.clear();
    node().startAgent();
    node().open();
    run(uid, spec);
    node().synced();
    awaitPhase(uid, "Running");
  }

  /** A pod of one container {@code c} that runs a shell script. */
  public static void runScript(String uid, String script, String more) throws Exception {
    ObjectNode container = Fields.object().put("name", "c").put("image", IMAGE);
    container.putArray("command").add("sh").add("-c").add(script);
    ObjectNode spec = (ObjectNode) TestNode.JSON.readTree("{" + more + "}");
    spec.put("terminationGracePeriodSeconds", 1);
    spec.putArray("containers").add(container);
    run(uid, spec.toString());
  }

  public static void awaitPhase(String uid, String phase) {
    await(uid + " is " + phase).atMost(PATIENCE).until(() -> node().phase(uid).equals(phase));
  }

  public static JsonNode container(String uid) {
    return node().status(uid).path("containerStatuses").path(0);
  }

  public static ContainerState state(String uid) {
    return node().parts().directory().find(uid).orElseThrow().facts().latest("c").orElseThrow();
  }

  /** Ends the pod and waits until nothing of it is left. */
  public static void end(String uid) {
    node().delete(uid);
    await(uid + " ends").atMost(PATIENCE).until(() -> node().ended(uid));
  }
}
