package dev.ensemble.agent;

import static dev.ensemble.agent.SharedPods.container;
import static dev.ensemble.agent.SharedPods.delete;
import static dev.ensemble.agent.SharedPods.events;
import static dev.ensemble.agent.SharedPods.exec;
import static dev.ensemble.agent.SharedPods.lastTerminated;
import static dev.ensemble.agent.SharedPods.node;
import static dev.ensemble.agent.SharedPods.restarts;
import static dev.ensemble.agent.SharedPods.run;
import static dev.ensemble.agent.SharedPods.shell;
import static dev.ensemble.agent.SharedPods.status;
import static dev.ensemble.agent.SharedPods.until;
import static dev.ensemble.agent.SharedPods.untilGone;
import static dev.ensemble.agent.SharedPods.untilPhase;
import static dev.ensemble.agent.SharedPods.untilReady;
import static dev.ensemble.agent.SharedPods.waiting;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ensemble.agent.core.Fields;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ExtendWith;

/** Limits and security contexts as the kernel sees them. Needs root. */
@ExtendWith(SharedPods.class)
class PodSecurityIT {
  private static final Path CGROUPS = Path.of("/sys/fs/cgroup");

  private static List<Path> cgroups(String pod) throws IOException {
    try (Stream<Path> tree = Files.walk(CGROUPS, 4)) {
      return tree.filter(path -> path.getFileName().toString().equals("pod" + pod)).toList();
    } catch (java.io.UncheckedIOException e) {
      // Other pods' cgroups come and go meanwhile.
      return cgroups(pod);
    }
  }

  private static String cgroupFile(String pod, String version1, String unified) throws IOException {
    for (Path cgroup : cgroups(pod)) {
      for (String name : List.of(version1, unified)) {
        if (Files.exists(cgroup.resolve(name))) {
          return Files.readString(cgroup.resolve(name)).trim();
        }
      }
    }
    return "";
  }

  @PodTest
  void aContainerOverItsMemoryIsKilledAndTheLimitsAreInTheCgroups() throws Exception {
    run(
        "limits",
        """
        {'containers':[
          {'name':'hog',$IMAGE,'command':['sh','-c','x=a; while :; do x=$x$x; done'],
           'resources':{'limits':{'memory':'24Mi','cpu':'500m'}}},
          {'name':'calm',$IMAGE,'command':['sleep','1000'],
           'resources':{'requests':{'cpu':'100m'},'limits':{'memory':'32Mi','cpu':'250m'}}}]}
        """);
    until(
        "limits",
        () ->
            Fields.text(lastTerminated("limits", "hog"), "reason").equals("OOMKilled")
                && lastTerminated("limits", "hog").path("exitCode").asInt() == 137);
    assertThat(cgroupFile("limits", "cpu.cfs_quota_us", "cpu.max")).startsWith("75000");
    assertThat(cgroupFile("limits", "memory.limit_in_bytes", "memory.max"))
        .isEqualTo(Long.toString(56L << 20));
    assertThat(cgroupFile("limits", "pids.max", "pids.max")).matches("[0-9]+");
    assertThat(
            shell(
                "limits",
                "calm",
                "cat /sys/fs/cgroup/cpu/cpu.cfs_quota_us 2>/dev/null || cat"
                    + " /sys/fs/cgroup/cpu.max"))
        .startsWith("25000");
    assertThat(container("limits", "calm").path("allocatedResources").toString())
        .isEqualTo("{\"cpu\":\"100m\"}");
    assertThat(restarts("limits", "calm")).isZero();
    delete("limits", 0);
    untilGone("limits");
    assertThat(cgroups("limits")).isEmpty();
  }

  @PodTest
  void usersRootFilesystemsAndCapabilitiesAreAsAsked() {
    run(
        "secure",
        """
        {'securityContext':{'runAsUser':1000,'runAsGroup':2000,'runAsNonRoot':true},
         'containers':[
          {'name':'user',$IMAGE,'command':['sleep','1000'],'securityContext':
            {'runAsUser':1001,'readOnlyRootFilesystem':true,'allowPrivilegeEscalation':false,
             'seccompProfile':{'type':'RuntimeDefault'}}},
          {'name':'caps',$IMAGE,'command':['sleep','1000'],'securityContext':
            {'runAsUser':0,'runAsNonRoot':false,
             'capabilities':{'drop':['ALL'],'add':['NET_ADMIN']}}},
          {'name':'god',$IMAGE,'command':['sleep','1000'],'securityContext':
            {'runAsUser':0,'runAsNonRoot':false,'privileged':true}}]}
        """);
    untilReady("secure");
    assertThat(shell("secure", "user", "id -u; id -g; grep -E ^NoNewPrivs /proc/self/status"))
        .isEqualTo("1001\n2000\nNoNewPrivs:\t1\n");
    assertThat(shell("secure", "user", "grep -E ^Seccomp: /proc/1/status"))
        .isEqualTo("Seccomp:\t2\n");
    assertThat(exec("secure", "user", "touch", "/tmp/x").stderr())
        .contains("Read-only file system");
    assertThat(shell("secure", "caps", "grep -E ^CapEff /proc/1/status"))
        .as("CAP_NET_ADMIN is the bit 12")
        .isEqualTo("CapEff:\t0000000000001000\n");
    assertThat(shell("secure", "caps", "grep -E ^Seccomp: /proc/1/status"))
        .isEqualTo("Seccomp:\t0\n");
    assertThat(shell("secure", "god", "[ -w /proc/sys/kernel/hostname ] && ls -d /dev/kmsg"))
        .isEqualTo("/dev/kmsg\n");
    delete("secure", 0);
    untilGone("secure");
  }

  @PodTest
  void rootIsRefusedToWhomMustNotBeRoot() {
    String pod =
        """
        {'securityContext':{'runAsNonRoot':true%s},'containers':[{'name':'c',$IMAGE,'command':['true']}]}
        """;
    run("root-image", pod.formatted(""));
    run("root-user", pod.formatted(",'runAsUser':0"));
    for (String name : List.of("root-image", "root-user")) {
      until(name, () -> waiting(name, "c").equals("CreateContainerConfigError"));
    }
    assertThat(Fields.text(container("root-image", "c"), "state", "waiting", "message"))
        .isEqualTo(
            "container has runAsNonRoot and image will run as root"
                + " (pod: \"root-image_default(root-image)\", container: c)");
    assertThat(Fields.text(container("root-user", "c"), "state", "waiting", "message"))
        .isEqualTo(
            "container's runAsUser breaks non-root policy"
                + " (pod: \"root-user_default(root-user)\", container: c)");
    delete("root-image", 0);
    delete("root-user", 0);
    untilGone("root-image");
    untilGone("root-user");
  }

  @PodTest
  void namespacesAreSharedAsAsked() throws Exception {
    run(
        "share",
        """
        {'shareProcessNamespace':true,'hostname':'called','subdomain':'sub',
         'hostAliases':[{'ip':'10.9.8.7','hostnames':['a.example','b.example']}],
         'securityContext':{'sysctls':[{'name':'net.ipv4.ip_unprivileged_port_start','value':'80'}]},
         'dnsPolicy':'None','dnsConfig':{'nameservers':['192.0.2.53'],'searches':['x.example'],
           'options':[{'name':'ndots','value':'2'}]},
         'containers':[{'name':'a',$IMAGE,'command':['sleep','1111']},
          {'name':'b',$IMAGE,'command':['sleep','2222']}]}
        """);
    run(
        "host",
        """
        {'hostNetwork':true,'hostPID':true,'containers':[{'name':'c',$IMAGE,'command':['sleep','1000']}]}
        """);
    run("apart", "{'containers':[{'name':'c',$IMAGE,'command':['sleep','1000']}]}");
    untilReady("share");
    untilReady("host");
    untilReady("apart");
    assertThat(shell("share", "a", "ps -o args | grep -c [s]leep; hostname"))
        .isEqualTo("2\ncalled\n");
    assertThat(shell("share", "a", "cat /proc/sys/net/ipv4/ip_unprivileged_port_start"))
        .isEqualTo("80\n");
    assertThat(shell("share", "b", "cat /etc/resolv.conf"))
        .isEqualTo("search x.example\nnameserver 192.0.2.53\noptions ndots:2\n");
    String ip = Fields.text(status("share"), "podIP");
    assertThat(shell("share", "b", "cat /etc/hosts"))
        .contains(ip + "\tcalled.sub.default.svc." + "cluster.local\tcalled\n")
        .endsWith("10.9.8.7\ta.example\tb.example\n");
    assertThat(shell("apart", "c", "ps -o pid,args | grep [s]leep").trim()).startsWith("1 ");
    assertThat(Fields.text(status("host"), "podIP"))
        .isEqualTo(Fields.text(status("host"), "hostIP"));
    assertThat(shell("host", "c", "readlink /proc/self/ns/net").trim())
        .isEqualTo(Files.readSymbolicLink(Path.of("/proc/self/ns/net")).toString());
    assertThat(
            shell("host", "c", "readlink /proc/1/ns/pid; readlink /proc/self/ns/pid")
                .lines()
                .distinct())
        .hasSize(1);
    for (String pod : List.of("share", "host", "apart")) {
      delete(pod, 0);
      untilGone(pod);
    }
  }

  @PodTest
  void whatANodeMayNotRunFailsAtOnce() {
    run(
        "sysctl",
        """
        {'securityContext':{'sysctls':[{'name':'kernel.msgmax','value':'65536'}]},
         'containers':[{'name':'c',$IMAGE,'command':['true']}]}
        """);
    untilPhase("sysctl", "Failed");
    assertThat(Fields.text(status("sysctl"), "reason")).isEqualTo("SysctlForbidden");
    assertThat(events("sysctl", "SysctlForbidden"))
        .containsExactly("Pod was rejected: forbidden sysctl: \"kernel.msgmax\" not allowlisted");
    delete("sysctl", 0);
    untilGone("sysctl");
  }

  @PodTest
  void aLocalSeccompProfileIsTakenFromTheNodesFolder() throws Exception {
    Path profiles = node().settings.folder().resolve("seccomp");
    Files.createDirectories(profiles);
    Files.writeString(
        profiles.resolve("no-mkdir.json"),
        """
        {"defaultAction":"SCMP_ACT_ALLOW",
         "syscalls":[{"names":["mkdir","mkdirat"],"action":"SCMP_ACT_ERRNO"}]}
        """);
    run(
        "seccomp",
        """
        {'containers':[{'name':'c',$IMAGE,'command':['sleep','1000'],'securityContext':
          {'seccompProfile':{'type':'Localhost','localhostProfile':'no-mkdir.json'}}}]}
        """);
    untilReady("seccomp");
    assertThat(exec("seccomp", "c", "mkdir", "/tmp/x").stderr())
        .contains("Operation not permitted");
    delete("seccomp", 0);
    untilGone("seccomp");
  }
}
