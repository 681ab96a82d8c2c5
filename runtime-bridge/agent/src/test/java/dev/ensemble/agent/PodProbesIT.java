package dev.ensemble.agent;

import static dev.ensemble.agent.SharedPods.condition;
import static dev.ensemble.agent.SharedPods.container;
import static dev.ensemble.agent.SharedPods.delete;
import static dev.ensemble.agent.SharedPods.events;
import static dev.ensemble.agent.SharedPods.lastTerminated;
import static dev.ensemble.agent.SharedPods.node;
import static dev.ensemble.agent.SharedPods.restarts;
import static dev.ensemble.agent.SharedPods.run;
import static dev.ensemble.agent.SharedPods.shell;
import static dev.ensemble.agent.SharedPods.until;
import static dev.ensemble.agent.SharedPods.untilGone;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ensemble.agent.core.Fields;
import dev.ensemble.agent.grpc.health.v1.HealthCheckRequest;
import dev.ensemble.agent.grpc.health.v1.HealthCheckResponse;
import dev.ensemble.agent.grpc.health.v1.HealthGrpc;
import dev.ensemble.agent.node.MachineFacts;
import io.grpc.Server;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Probes, hooks and grace periods. Needs root. */
@ExtendWith(SharedPods.class)
class PodProbesIT {
  @PodTest
  void readinessFollowsExecHttpAndTcpProbes() {
    run(
        "readiness",
        """
        {'containers':[
          {'name':'exec',$IMAGE,'command':['sleep','1000'],'readinessProbe':
            {'exec':{'command':['test','-e','/tmp/ok']},'periodSeconds':1,'timeoutSeconds':5,
             'failureThreshold':1}},
          {'name':'http',$IMAGE,'command':['sh','-c',
            'mkdir /www; echo hi > /www/index.html; exec httpd -f -p 8080 -h /www'],
           'ports':[{'name':'web','containerPort':8080}],'readinessProbe':
            {'httpGet':{'path':'/index.html','port':'web','httpHeaders':
             [{'name':'Host','value':'example.org'},{'name':'X-A','value':'1'}]},
             'periodSeconds':1,'timeoutSeconds':5}},
          {'name':'missing',$IMAGE,'command':['sleep','1000'],'readinessProbe':
            {'httpGet':{'path':'/absent','port':8080},'periodSeconds':1,'timeoutSeconds':5}},
          {'name':'tcp',$IMAGE,'command':['sh','-c',
             'until [ -e /tmp/ok ]; do sleep 0.1; done; exec nc -ll -p 9090 -e true'],
           'readinessProbe':{'tcpSocket':{'port':9090},'periodSeconds':1,'timeoutSeconds':5}}]}
        """);
    until("readiness", () -> container("readiness", "http").path("ready").asBoolean());
    until(
        "readiness",
        () ->
            events("readiness", "Unhealthy")
                .contains("Readiness probe failed: HTTP probe failed with statuscode: 404"));
    assertThat(container("readiness", "exec").path("ready").asBoolean()).isFalse();
    assertThat(container("readiness", "exec").path("started").asBoolean()).isTrue();
    assertThat(container("readiness", "tcp").path("ready").asBoolean()).isFalse();
    shell("readiness", "exec", "touch /tmp/ok");
    shell("readiness", "tcp", "touch /tmp/ok");
    until("readiness", () -> container("readiness", "exec").path("ready").asBoolean());
    until("readiness", () -> container("readiness", "tcp").path("ready").asBoolean());
    assertThat(condition("readiness", "Ready")).isEqualTo("False");
    shell("readiness", "exec", "rm /tmp/ok");
    until("readiness", () -> !container("readiness", "exec").path("ready").asBoolean());
    assertThat(restarts("readiness", "exec")).isZero();
    assertThat(events("readiness", "Unhealthy"))
        .anyMatch(e -> e.matches("Readiness probe failed: dial tcp [0-9.]+:9090: .*efused.*"));
    delete("readiness", 0);
    untilGone("readiness");
  }

  @PodTest
  void aGrpcProbeAsksTheHealthService() throws Exception {
    Server server =
        NettyServerBuilder.forAddress(new InetSocketAddress(MachineFacts.mainAddress(), 0))
            .addService(new Health())
            .build()
            .start();
    try {
      run(
          "grpc",
          """
          {'hostNetwork':true,'containers':[
            {'name':'good',$IMAGE,'command':['sleep','1000'],'readinessProbe':
             {'grpc':{'port':%1$d,'service':'good'},'periodSeconds':1,'timeoutSeconds':5}},
            {'name':'bad',$IMAGE,'command':['sleep','1000'],'readinessProbe':
             {'grpc':{'port':%1$d,'service':'bad'},'periodSeconds':1,'timeoutSeconds':5}}]}
          """
              .formatted(server.getPort()));
      until("grpc", () -> container("grpc", "good").path("ready").asBoolean());
      until(
          "grpc",
          () ->
              events("grpc", "Unhealthy")
                  .contains(
                      "Readiness probe failed: service unhealthy (responded with"
                          + " \"NOT_SERVING\")"));
      delete("grpc", 0);
      untilGone("grpc");
    } finally {
      server.shutdownNow();
    }
  }

  private static final class Health extends HealthGrpc.HealthImplBase {
    @Override
    public void check(HealthCheckRequest request, StreamObserver<HealthCheckResponse> answer) {
      answer.onNext(
          HealthCheckResponse.newBuilder()
              .setStatus(
                  request.getService().equals("good")
                      ? HealthCheckResponse.ServingStatus.SERVING
                      : HealthCheckResponse.ServingStatus.NOT_SERVING)
              .build());
      answer.onCompleted();
    }
  }

  @PodTest
  void livenessWaitsForStartupAndThenEndsTheContainer() {
    run(
        "liveness",
        """
        {'terminationGracePeriodSeconds':600,'containers':[
          {'name':'c',$IMAGE,'command':['sleep','1000'],
           'startupProbe':{'exec':{'command':['test','-e','/tmp/up']},'periodSeconds':1,
             'timeoutSeconds':5,'failureThreshold':100},
           'livenessProbe':{'exec':{'command':['test','!','-e','/tmp/sick']},'periodSeconds':1,
             'timeoutSeconds':5,'failureThreshold':1,'terminationGracePeriodSeconds':1}},
          {'name':'slow',$IMAGE,'command':['sleep','1000'],
           'livenessProbe':{'exec':{'command':['sleep','30']},'periodSeconds':1,
             'timeoutSeconds':1,'failureThreshold':1000}}]}
        """);
    until("liveness", () -> Fields.has(container("liveness", "c"), "state", "running"));
    assertThat(container("liveness", "c").path("started").asBoolean()).isFalse();
    assertThat(container("liveness", "c").path("ready").asBoolean()).isFalse();
    shell("liveness", "c", "touch /tmp/sick /tmp/up");
    until("liveness", () -> restarts("liveness", "c") == 1);
    assertThat(lastTerminated("liveness", "c").path("exitCode").asInt()).isEqualTo(137);
    assertThat(events("liveness", "Killing"))
        .containsExactly("Container c failed liveness probe, will be restarted");
    assertThat(events("liveness", "Unhealthy")).contains("Liveness probe failed: ");
    until(
        "liveness",
        () ->
            events("liveness", "Unhealthy")
                .contains(
                    "Liveness probe failed: command timed out: \"sleep 30\" timed out after 1s"));
    delete("liveness", 0);
    untilGone("liveness");
  }

  @PodTest
  void hooksRunAndTheirFailuresCount() throws Exception {
    run(
        "hooks",
        """
        {'terminationGracePeriodSeconds':1,'containers':[
          {'name':'fine',$IMAGE,'command':['sh','-c','until [ -e /tmp/stop ]; do sleep 0.1; done; cat /tmp/stop'],
           'lifecycle':{'postStart':{'exec':{'command':['touch','/tmp/begun']}},
             'preStop':{'exec':{'command':['sh','-c','echo told > /tmp/stop; sleep 1']}}}},
          {'name':'bad',$IMAGE,'command':['sleep','1000'],
           'lifecycle':{'postStart':{'exec':{'command':['sh','-c','echo no; exit 5']}}}}]}
        """);
    until("hooks", () -> SharedPods.waiting("hooks", "bad").equals("CrashLoopBackOff"));
    assertThat(shell("hooks", "fine", "ls /tmp/begun")).isEqualTo("/tmp/begun\n");
    assertThat(events("hooks", "FailedPostStartHook"))
        .allMatch(e -> e.equals("PostStartHook failed: command exited with 5: no\n"));
    Path log = node().parts().folders().log(SharedPods.definition("hooks"), "fine", 0);
    Path kept = Files.createTempFile("ens-it", ".log");
    Files.delete(kept);
    Files.createLink(kept, log);
    delete("hooks", 10);
    untilGone("hooks");
    assertThat(Files.readString(kept)).contains(" told");
    Files.delete(kept);
  }

  @PodTest
  void whatIgnoresTheSignalIsKilledWhenTheGraceIsOver(@TempDir Path host) throws Exception {
    String pod =
        """
        {'containers':[{'name':'c',$IMAGE,'command':['sh','-c',
          'trap "date +%%s >> /h/%1$s" TERM; touch /h/%1$s; while :; do sleep 0.1; done'],
          'volumeMounts':[{'name':'h','mountPath':'/h'}]}],
         'volumes':[{'name':'h','hostPath':{'path':'%2$s'}}]}
        """;
    run("stubborn", quoted(pod.formatted("stubborn", host)));
    until("stubborn", () -> Files.exists(host.resolve("stubborn")));
    Instant begun = Instant.now();
    delete("stubborn", 3);
    untilGone("stubborn");
    assertThat(Duration.between(begun, Instant.now())).isGreaterThan(Duration.ofSeconds(3));
    assertThat(Files.readString(host.resolve("stubborn"))).isNotEmpty();
    assertThat(terminatedCode("stubborn")).isEqualTo(137);
  }

  @PodTest
  void aDeletionDoesNotWaitForAPostStartHook() {
    run(
        "hanging",
        """
        {'containers':[{'name':'c',$IMAGE,'command':['sleep','1000'],
          'lifecycle':{'postStart':{'exec':{'command':['sleep','500']}}}}]}
        """);
    until("hanging", () -> !events("hanging", "Started").isEmpty());
    until("hanging", () -> SharedPods.waiting("hanging", "c").equals("ContainerCreating"));
    delete("hanging", 0);
    untilGone("hanging");
  }

  private static String quoted(String json) {
    int from = json.indexOf('"');
    int to = json.indexOf('"', from + 1);
    return json.substring(0, from)
        + "\\\""
        + json.substring(from + 1, to)
        + "\\\""
        + json.substring(to + 1);
  }

  private static int terminatedCode(String pod) {
    return SharedPods.terminated(pod, "c").path("exitCode").asInt();
  }
}
