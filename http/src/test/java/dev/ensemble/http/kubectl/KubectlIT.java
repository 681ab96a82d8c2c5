package dev.ensemble.http.kubectl;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ensemble.http.testing.ScriptedAgent;
import dev.ensemble.http.testing.TestServer;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class KubectlIT {
  private static final String WEB =
      """
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: NAME, labels: {app: NAME}}
      spec:
        replicas: 2
        selector: {matchLabels: {app: NAME}}
        template:
          metadata: {labels: {app: NAME}}
          spec: {containers: [{name: c, image: nginx}]}
      """;

  private static TestServer server;
  private static Path kubeconfig;

  @BeforeAll
  static void start() throws Exception {
    server = TestServer.start();
    kubeconfig = server.kubeconfig();
  }

  @AfterAll
  static void stop() throws Exception {
    server.close();
  }

  @Test
  void createInProtobufGetAndDelete() throws Exception {
    assertThat(kubectl("create", "configmap", "a", "--from-literal=x=y"))
        .isEqualTo("configmap/a created\n");
    assertThat(kubectl("get", "configmap", "a", "-o", "jsonpath={.data.x}")).isEqualTo("y");
    assertThat(kubectl("get", "configmap", "a")).containsPattern("a +1 +");
    assertThat(kubectl("delete", "configmap", "a")).isEqualTo("configmap \"a\" deleted\n");
    assertThat(kubectl("get", "configmap", "a")).contains("NotFound");
  }

  @Test
  void applyTwiceChangesNothingTheSecondTime() throws Exception {
    Path file = write(WEB.replace("NAME", "web"));
    assertThat(kubectl("apply", "-f", file.toString())).isEqualTo("deployment.apps/web created\n");
    assertThat(kubectl("apply", "-f", file.toString()))
        .isEqualTo("deployment.apps/web unchanged\n");
    assertThat(kubectl("scale", "deployment/web", "--replicas=5"))
        .isEqualTo("deployment.apps/web scaled\n");
    assertThat(kubectl("set", "image", "deployment/web", "c=nginx:2"))
        .isEqualTo("deployment.apps/web image updated\n");
    assertThat(
            kubectl(
                "get",
                "deployment",
                "web",
                "-o",
                "jsonpath={.spec.replicas} {.spec.template.spec.containers[0].image}"))
        .isEqualTo("5 nginx:2");
    assertThat(kubectl("apply", "-f", file.toString(), "--dry-run=server"))
        .isEqualTo("deployment.apps/web configured (server dry run)\n");
  }

  @Test
  void applyServerSideTellsWhoOwnsWhatItWouldChange() throws Exception {
    Path file = write(WEB.replace("NAME", "ssa"));
    assertThat(kubectl("apply", "--server-side", "-f", file.toString()))
        .isEqualTo("deployment.apps/ssa serverside-applied\n");
    kubectl("scale", "deployment/ssa", "--replicas=5");
    assertThat(kubectl("apply", "--server-side", "-f", file.toString()))
        .contains("Apply failed with 1 conflict", ".spec.replicas");
    assertThat(kubectl("apply", "--server-side", "--force-conflicts", "-f", file.toString()))
        .isEqualTo("deployment.apps/ssa serverside-applied\n");
  }

  @Test
  void whoAmIAndWhatMayI() throws Exception {
    assertThat(kubectl("auth", "whoami")).contains("kubernetes-admin", "system:masters");
    assertThat(kubectl("auth", "can-i", "create", "pods")).isEqualTo("yes\n");
    assertThat(kubectl("auth", "can-i", "get", "pods", "--as=bob")).contains("no");
  }

  @Test
  void aTokenOfAServiceAccountIsThatAccount() throws Exception {
    kubectl("create", "serviceaccount", "robot");
    String token = kubectl("create", "token", "robot", "--duration=20m").strip();
    assertThat(token).matches("[\\w-]+\\.[\\w-]+\\.[\\w-]+");
    assertThat(kubectl("auth", "whoami", "--token=" + token))
        .contains("system:serviceaccount:default:robot");
  }

  @Test
  void discoveryAndExplainComeFromTheTableOfKinds() throws Exception {
    assertThat(kubectl("api-resources")).containsPattern("deployments +deploy +apps/v1");
    assertThat(kubectl("explain", "deployment.spec.replicas")).contains("FIELD: replicas");
  }

  @Test
  void portForwardCarriesBytesBothWays() throws Exception {
    kubectl("run", "p", "--image=nginx");
    server.bind("p", "n1");
    kubectl(
        "patch",
        "pod",
        "p",
        "--subresource=status",
        "--type=merge",
        "-p",
        "{\"status\":{\"phase\":\"Running\"}}");
    ScriptedAgent agent = ScriptedAgent.echoing(server, "n1");
    Process forward = process("port-forward", "pod/p", ":80").start();
    try (BufferedReader said = reader(forward)) {
      String line = said.readLine();
      assertThat(line).startsWith("Forwarding from 127.0.0.1:");
      int port = Integer.parseInt(line.replaceAll("Forwarding from 127.0.0.1:(\\d+).*", "$1"));
      assertThat(echoed(port, "hello")).isEqualTo("hello");
    } finally {
      forward.destroy();
      forward.waitFor(10, TimeUnit.SECONDS);
      agent.close();
    }
  }

  private static String echoed(int port, String text) throws Exception {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout(20_000);
      socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
      socket.getOutputStream().flush();
      return new String(
          socket.getInputStream().readNBytes(text.length()), StandardCharsets.US_ASCII);
    }
  }

  private static Path write(String manifest) throws Exception {
    Path file = Files.createTempFile(server.folder(), "manifest", ".yaml");
    return Files.writeString(file, manifest);
  }

  private static ProcessBuilder process(String... arguments) {
    List<String> command =
        new ArrayList<>(List.of("kubectl", "--kubeconfig", kubeconfig.toString()));
    command.addAll(List.of(arguments));
    return new ProcessBuilder(command).redirectErrorStream(true);
  }

  private static BufferedReader reader(Process process) {
    return new BufferedReader(
        new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
  }

  private static String kubectl(String... arguments) throws Exception {
    Process process = process(arguments).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    return output;
  }
}
