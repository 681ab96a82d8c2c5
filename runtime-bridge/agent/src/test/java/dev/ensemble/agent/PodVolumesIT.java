package dev.ensemble.agent;

import static dev.ensemble.agent.SharedPods.container;
import static dev.ensemble.agent.SharedPods.delete;
import static dev.ensemble.agent.SharedPods.events;
import static dev.ensemble.agent.SharedPods.log;
import static dev.ensemble.agent.SharedPods.node;
import static dev.ensemble.agent.SharedPods.object;
import static dev.ensemble.agent.SharedPods.pod;
import static dev.ensemble.agent.SharedPods.run;
import static dev.ensemble.agent.SharedPods.shell;
import static dev.ensemble.agent.SharedPods.until;
import static dev.ensemble.agent.SharedPods.untilGone;
import static dev.ensemble.agent.SharedPods.untilPhase;
import static dev.ensemble.agent.SharedPods.untilReady;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ensemble.agent.core.Fields;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Volumes as containers see them. Needs root. */
@ExtendWith(SharedPods.class)
class PodVolumesIT {
  @PodTest
  void emptyDirsAreSharedByContainersOnDiskAndInMemory() throws Exception {
    run(
        "empty-dirs",
        """
        {'securityContext':{'runAsUser':1000,'runAsGroup':1000},
         'containers':[
          {'name':'writer',$IMAGE,'command':['sh','-c',
            'echo d > /disk/f && echo m > /memory/f && exec sleep 1000'],
           'resources':{'limits':{'memory':'32Mi'}},
           'volumeMounts':[{'name':'disk','mountPath':'/disk'},{'name':'memory','mountPath':'/memory'}]},
          {'name':'reader',$IMAGE,'command':['sleep','1000'],
           'resources':{'limits':{'memory':'32Mi'}},
           'volumeMounts':[{'name':'disk','mountPath':'/d','readOnly':true},
             {'name':'memory','mountPath':'/m'}]}],
         'volumes':[{'name':'disk','emptyDir':{}},
          {'name':'memory','emptyDir':{'medium':'Memory'}}]}
        """);
    untilReady("empty-dirs");
    until("empty-dirs", () -> shell("empty-dirs", "reader", "cat /d/f /m/f 2>&1").equals("d\nm\n"));
    assertThat(shell("empty-dirs", "reader", "stat -f -c %T /m; stat -c %a /d /m"))
        .isEqualTo("tmpfs\n777\n777\n");
    assertThat(shell("empty-dirs", "reader", "df -k /m | tail -1 | awk '{print $2}'"))
        .as("a tmpfs is no larger than what the pod may have of memory")
        .isEqualTo("65536\n");
    assertThat(SharedPods.exec("empty-dirs", "reader", "touch", "/d/x").stderr())
        .contains("Read-only file system");
    assertThat(container("empty-dirs", "reader").path("volumeMounts").path(0).toString())
        .isEqualTo(
            "{\"name\":\"disk\",\"mountPath\":\"/d\",\"readOnly\":true,"
                + "\"recursiveReadOnly\":\"Disabled\"}");
    Path volumes = node().parts().folders().pod("empty-dirs");
    delete("empty-dirs", 0);
    untilGone("empty-dirs");
    assertThat(volumes).doesNotExist();
    assertThat(Files.readString(Path.of("/proc/mounts"))).doesNotContain("empty-dirs");
  }

  @PodTest
  void configMapsAndSecretsAreFilesWithModesAndAreRenewed() throws Exception {
    object("configmaps", "files", "{'data':{'a':'1','b':'2'},'binaryData':{'c':'AAE='}}");
    object("secrets", "files", "{'data':{'password':'aHVudGVyMg=='}}");
    run(
        "files",
        """
        {'containers':[{'name':'c',$IMAGE,'command':['sleep','1000'],
          'volumeMounts':[{'name':'all','mountPath':'/all'},{'name':'some','mountPath':'/some'},
           {'name':'secret','mountPath':'/secret'},{'name':'none','mountPath':'/none'},
           {'name':'all','mountPath':'/one','subPath':'b'}]}],
         'volumes':[{'name':'all','configMap':{'name':'files'}},
          {'name':'some','configMap':{'name':'files','defaultMode':256,
            'items':[{'key':'a','path':'deep/er/x'},{'key':'b','path':'y','mode':493}]}},
          {'name':'secret','secret':{'secretName':'files','defaultMode':384}},
          {'name':'none','configMap':{'name':'absent','optional':true}}]}
        """);
    untilReady("files");
    assertThat(
            shell("files", "c", "cd /all; for f in *; do echo $f $(stat -L -c '%a %s' $f); done"))
        .isEqualTo("a 644 1\nb 644 1\nc 644 2\n");
    assertThat(
            shell(
                "files",
                "c",
                "cat /some/deep/er/x; stat -L -c ' %a %u %g' /some/deep/er/x /some/y"))
        .isEqualTo("1 400 0 0\n 755 0 0\n");
    assertThat(shell("files", "c", "cat /secret/password; stat -L -f -c ' %T' /secret"))
        .isEqualTo("hunter2 tmpfs\n");
    assertThat(shell("files", "c", "stat -L -c %a /secret/password; ls /none; cat /one"))
        .isEqualTo("600\n2");
    object("configmaps", "files", "{'data':{'a':'one','d':'4'}}");
    object("secrets", "files", "{'data':{'password':'c2VjcmV0'}}");
    object("configmaps", "absent", "{'data':{'late':'here'}}");
    until("files", () -> shell("files", "c", "cat /all/a; ls /all").equals("onea\nd\n"));
    until("files", () -> shell("files", "c", "cat /secret/password").equals("secret"));
    until("files", () -> shell("files", "c", "ls /none").equals("late\n"));
    assertThat(shell("files", "c", "cat /one /some/y"))
        .as("a subPath is not renewed, nor is a volume whose key is gone")
        .isEqualTo("22");
    assertThat(events("files", "FailedMount"))
        .contains(
            "MountVolume.SetUp failed for volume \"some\" : references non-existent config key: b");
    delete("files", 0);
    untilGone("files");
  }

  @PodTest
  void theDownwardApiIsFilesAndFollowsLabels() throws Exception {
    ObjectNode pod =
        pod(
            "downward",
            """
            {'containers':[{'name':'c',$IMAGE,'command':['sleep','1000'],
              'resources':{'limits':{'cpu':'1500m','memory':'64Mi'},'requests':{'cpu':'10m'}},
              'volumeMounts':[{'name':'v','mountPath':'/v'},{'name':'p','mountPath':'/p'}]}],
             'volumes':[{'name':'v','downwardAPI':{'items':[
               {'path':'labels','fieldRef':{'fieldPath':'metadata.labels'}},
               {'path':'note','mode':256,'fieldRef':{'fieldPath':"metadata.annotations['note']"}},
               {'path':'cpu','resourceFieldRef':{'containerName':'c','resource':'limits.cpu'}},
               {'path':'mem','resourceFieldRef':
                 {'containerName':'c','resource':'limits.memory','divisor':'1Mi'}}]}},
              {'name':'p','projected':{'defaultMode':288,'sources':[
               {'configMap':{'name':'projected','items':[{'key':'k','path':'cm/k'}]}},
               {'secret':{'name':'projected'}},
               {'secret':{'name':'nobody','optional':true}},
               {'downwardAPI':{'items':[{'path':'name','fieldRef':{'fieldPath':'metadata.name'}}]}}]}}]}
            """
                .replace("\"metadata.annotations['note']\"", "'metadata.annotations[~note~]'"));
    ObjectNode items = (ObjectNode) pod.at("/spec/volumes/0/downwardAPI/items/1/fieldRef");
    items.put("fieldPath", "metadata.annotations['note']");
    ((ObjectNode) pod.path("metadata")).putObject("labels").put("b", "2").put("a", "1");
    ((ObjectNode) pod.path("metadata")).putObject("annotations").put("note", "hello");
    object("configmaps", "projected", "{'data':{'k':'v','other':'x'}}");
    object("secrets", "projected", "{'data':{'s':'cw=='}}");
    run(pod);
    untilReady("downward");
    assertThat(shell("downward", "c", "cd /v; cat labels note; echo; cat cpu; echo; cat mem"))
        .isEqualTo("a=\"1\"\nb=\"2\"hello\n2\n64");
    assertThat(shell("downward", "c", "cd /p; cat cm/k s name; stat -L -c ' %a' cm/k name"))
        .isEqualTo("vsdownward 440\n 440\n");
    ObjectNode changed = pod.deepCopy();
    ((ObjectNode) changed.at("/metadata/labels")).put("c", "3").remove("a");
    run(changed);
    until("downward", () -> shell("downward", "c", "cat /v/labels").equals("b=\"2\"\nc=\"3\""));
    delete("downward", 0);
    untilGone("downward");
  }

  @PodTest
  void aVolumeWaitsForItsSourceWhichMayComeLate() throws Exception {
    run(
        "late-volume",
        """
        {'containers':[{'name':'c',$IMAGE,'command':['cat','/v/k'],
          'volumeMounts':[{'name':'v','mountPath':'/v'}]}],'restartPolicy':'Never',
         'volumes':[{'name':'v','configMap':{'name':'late-volume'}}]}
        """);
    until("late-volume", () -> !events("late-volume", "FailedMount").isEmpty());
    assertThat(events("late-volume", "FailedMount").get(0))
        .isEqualTo(
            "MountVolume.SetUp failed for volume \"v\" : configmap \"late-volume\" not found");
    assertThat(SharedPods.waiting("late-volume", "c")).isEqualTo("ContainerCreating");
    object("configmaps", "late-volume", "{'data':{'other':'x'}}");
    object("configmaps", "late-volume", "{'data':{'k':'value'}}");
    untilPhase("late-volume", "Succeeded");
    assertThat(log("late-volume", "c")).isEqualTo("value");
    delete("late-volume", 0);
    untilGone("late-volume");
  }

  @PodTest
  void aChangeWhileAVolumeIsWrittenIsNotLost() {
    for (int i = 0; i < 8; i++) {
      String name = "while-written-" + i;
      object("configmaps", name, "{'data':{'k':'old'}}");
      run(
          name,
          """
          {'containers':[{'name':'c',$IMAGE,'command':['sleep','1000'],
            'volumeMounts':[{'name':'v','mountPath':'/v'}]}],
           'volumes':[{'name':'v','configMap':{'name':'%s'}}]}
          """
              .formatted(name));
      Path files = node().settings.folder().resolve("pods").resolve(name);
      await(name)
          .pollDelay(Duration.ZERO)
          .pollInterval(Duration.ofNanos(100_000))
          .atMost(SharedPods.PATIENCE)
          .until(() -> Files.exists(files));
      object("configmaps", name, "{'data':{'k':'new'}}");
    }
    for (int i = 0; i < 8; i++) {
      String name = "while-written-" + i;
      untilReady(name);
      until(name, () -> shell(name, "c", "cat /v/k").equals("new"));
      delete(name, 0);
      untilGone(name);
    }
  }

  @PodTest
  void hostPathsAreCheckedAndSubPathsStayInside(@TempDir Path host) throws Exception {
    Files.writeString(host.resolve("file"), "content");
    Files.createSymbolicLink(host.resolve("out"), Path.of("/etc"));
    run(
        "host-path",
        """
        {'securityContext':{'runAsUser':1000},
         'containers':[{'name':'c',$IMAGE,'command':['sleep','1000'],
          'env':[{'name':'WHO','valueFrom':{'fieldRef':{'fieldPath':'metadata.name'}}}],
          'volumeMounts':[{'name':'file','mountPath':'/file'},{'name':'made','mountPath':'/made'},
           {'name':'empty','mountPath':'/sub','subPath':'a/b'},
           {'name':'empty','mountPath':'/expr','subPathExpr':'x-$(WHO)/y'},
           {'name':'empty','mountPath':'/whole'}]}],
         'volumes':[{'name':'file','hostPath':{'path':'HOST/file','type':'File'}},
          {'name':'made','hostPath':{'path':'HOST/made','type':'DirectoryOrCreate'}},
          {'name':'empty','emptyDir':{}}]}
        """
            .replace("HOST", host.toString()));
    String bad =
        """
        {'containers':[{'name':'c',$IMAGE,'command':['sleep','1000'],
          'volumeMounts':[{'name':'v','mountPath':'/v'%s}]}],
         'volumes':[{'name':'v','hostPath':{'path':'%s','type':'%s'}}]}
        """;
    run("host-no-dir", bad.formatted("", host.resolve("file"), "Directory"));
    run("host-socket", bad.formatted("", host.resolve("file"), "Socket"));
    run("host-out", bad.formatted(",'subPath':'out/passwd'", host, "Directory"));
    untilReady("host-path");
    assertThat(shell("host-path", "c", "cat /file; echo 1 > /sub/f; echo 2 > /expr/f"))
        .isEqualTo("content");
    assertThat(shell("host-path", "c", "cd /whole; find . -type f | sort"))
        .isEqualTo("./a/b/f\n./x-host-path/y/f\n");
    assertThat(host.resolve("made")).isDirectory();
    until("host-no-dir", () -> !events("host-no-dir", "FailedMount").isEmpty());
    until("host-socket", () -> !events("host-socket", "FailedMount").isEmpty());
    assertThat(events("host-no-dir", "FailedMount").get(0))
        .endsWith(": hostPath type check failed: " + host + "/file is not a directory");
    assertThat(events("host-socket", "FailedMount").get(0))
        .endsWith(": hostPath type check failed: " + host + "/file is not a socket file");
    until(
        "host-out", () -> SharedPods.waiting("host-out", "c").equals("CreateContainerConfigError"));
    assertThat(Fields.text(container("host-out", "c"), "state", "waiting", "message"))
        .isEqualTo("subPath out/passwd leads out of the volume");
    for (String pod : new String[] {"host-path", "host-no-dir", "host-socket", "host-out"}) {
      delete(pod, 0);
      untilGone(pod);
    }
    assertThat(host.resolve("file")).hasContent("content");
  }

  @PodTest
  void anFsGroupOwnsVolumesAndContainersAreInIt() throws Exception {
    object("configmaps", "grouped", "{'data':{'k':'v'}}");
    run(
        "grouped",
        """
        {'securityContext':{'runAsUser':1000,'runAsGroup':3000,'fsGroup':2000,
           'supplementalGroups':[4000]},
         'containers':[{'name':'c',$IMAGE,'command':['sleep','1000'],
          'volumeMounts':[{'name':'d','mountPath':'/d'},{'name':'m','mountPath':'/m'},
           {'name':'c','mountPath':'/c'}]}],
         'volumes':[{'name':'d','emptyDir':{}},{'name':'m','emptyDir':{'medium':'Memory'}},
          {'name':'c','configMap':{'name':'grouped','defaultMode':256}}]}
        """);
    untilReady("grouped");
    assertThat(shell("grouped", "c", "id -u; id -g; id -G"))
        .isEqualTo("1000\n3000\n3000 2000 4000\n");
    assertThat(
            shell("grouped", "c", "touch /d/f /m/f; stat -c '%a %g' /d /m; stat -c %g /d/f /m/f"))
        .isEqualTo("2777 2000\n2777 2000\n2000\n2000\n");
    assertThat(shell("grouped", "c", "cat /c/k; stat -L -c ' %a %g' /c/k"))
        .isEqualTo("v 440 2000\n");
    delete("grouped", 0);
    untilGone("grouped");
  }

  @PodTest
  void aRemovedSourceLeavesWhatWasThere() throws Exception {
    object("configmaps", "kept", "{'data':{'k':'v'}}");
    run(
        "kept",
        """
        {'containers':[{'name':'c',$IMAGE,'command':['sleep','1000'],
          'volumeMounts':[{'name':'v','mountPath':'/v'}]}],
         'volumes':[{'name':'v','configMap':{'name':'kept'}}]}
        """);
    untilReady("kept");
    node().put("configmaps", "kept", Optional.empty());
    until("kept", () -> !events("kept", "FailedMount").isEmpty());
    assertThat(shell("kept", "c", "cat /v/k")).isEqualTo("v");
    delete("kept", 0);
    untilGone("kept");
  }
}
