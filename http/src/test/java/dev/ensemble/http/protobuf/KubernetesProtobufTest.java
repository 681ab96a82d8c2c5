package dev.ensemble.http.protobuf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import dev.ensemble.core.schema.Definitions;
import io.kubernetes.client.proto.IntStr;
import io.kubernetes.client.proto.Meta;
import io.kubernetes.client.proto.Resource;
import io.kubernetes.client.proto.Runtime;
import io.kubernetes.client.proto.V1;
import io.kubernetes.client.proto.V1Apps;
import io.kubernetes.client.proto.V1Authentication;
import io.kubernetes.client.proto.V1Authorization;
import io.kubernetes.client.proto.V1Autoscaling;
import io.kubernetes.client.proto.V1Coordination;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class KubernetesProtobufTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final KubernetesProtobuf protobuf = new KubernetesProtobuf(Definitions.builtIn());

  private static byte[] wrap(String apiVersion, String kind, Message message) {
    byte[] envelope =
        Runtime.Unknown.newBuilder()
            .setTypeMeta(Runtime.TypeMeta.newBuilder().setApiVersion(apiVersion).setKind(kind))
            .setRaw(message.toByteString())
            .build()
            .toByteArray();
    byte[] body = new byte[envelope.length + 4];
    body[0] = 'k';
    body[1] = '8';
    body[2] = 's';
    System.arraycopy(envelope, 0, body, 4, envelope.length);
    return body;
  }

  private ObjectNode decoded(String apiVersion, String kind, Message message) throws Exception {
    ProtobufBody body = protobuf.decode(wrap(apiVersion, kind, message));
    assertThat(body.apiVersion() + " " + body.kind()).isEqualTo(apiVersion + " " + kind);
    return body.object();
  }

  private static ObjectNode json(String text) throws Exception {
    return (ObjectNode) JSON.readTree(text.replace('\'', '"'));
  }

  /** As a Go client writes it: what is no pointer is always on the wire, zero or not. */
  @Test
  void aDeploymentKeepsPointersAndLosesEmptyValues() throws Exception {
    V1Apps.Deployment deployment =
        V1Apps.Deployment.newBuilder()
            .setMetadata(
                Meta.ObjectMeta.newBuilder()
                    .setName("web")
                    .setGenerateName("")
                    .setNamespace("")
                    .setUid("")
                    .setGeneration(0)
                    .setCreationTimestamp(Meta.Time.getDefaultInstance())
                    .putLabels("app", "web")
                    .putLabels("empty", ""))
            .setSpec(
                V1Apps.DeploymentSpec.newBuilder()
                    .setReplicas(0)
                    .setPaused(false)
                    .setMinReadySeconds(0)
                    .setSelector(Meta.LabelSelector.newBuilder().putMatchLabels("app", "web"))
                    .setStrategy(
                        V1Apps.DeploymentStrategy.newBuilder()
                            .setType("")
                            .setRollingUpdate(
                                V1Apps.RollingUpdateDeployment.newBuilder()
                                    .setMaxSurge(
                                        IntStr.IntOrString.newBuilder()
                                            .setType(1)
                                            .setIntVal(0)
                                            .setStrVal("25%"))
                                    .setMaxUnavailable(
                                        IntStr.IntOrString.newBuilder().setType(0).setIntVal(0))))
                    .setTemplate(
                        V1.PodTemplateSpec.newBuilder()
                            .setMetadata(Meta.ObjectMeta.getDefaultInstance())
                            .setSpec(
                                V1.PodSpec.newBuilder()
                                    .setHostNetwork(false)
                                    .setTerminationGracePeriodSeconds(0)
                                    .addContainers(
                                        V1.Container.newBuilder()
                                            .setName("c")
                                            .setTty(false)
                                            .setResources(
                                                V1.ResourceRequirements.getDefaultInstance())))))
            .setStatus(V1Apps.DeploymentStatus.newBuilder().setReplicas(0))
            .build();
    assertThat(decoded("apps/v1", "Deployment", deployment))
        .isEqualTo(
            json(
                "{'apiVersion':'apps/v1','kind':'Deployment','metadata':{'name':'web','labels':"
                    + "{'app':'web','empty':''}},'spec':{'replicas':0,'selector':{'matchLabels':"
                    + "{'app':'web'}},'strategy':{'rollingUpdate':{'maxSurge':'25%',"
                    + "'maxUnavailable':0}},'template':{'spec':{"
                    + "'terminationGracePeriodSeconds':0,'containers':[{'name':'c'}]}}}}"));
  }

  @Test
  void messagesThatGoEmbedsStandInTheirParent() throws Exception {
    V1.Pod pod =
        V1.Pod.newBuilder()
            .setSpec(
                V1.PodSpec.newBuilder()
                    .addVolumes(
                        V1.Volume.newBuilder()
                            .setName("v")
                            .setVolumeSource(
                                V1.VolumeSource.newBuilder()
                                    .setEmptyDir(
                                        V1.EmptyDirVolumeSource.newBuilder()
                                            .setSizeLimit(
                                                Resource.Quantity.newBuilder().setString("1Gi")))))
                    .addVolumes(
                        V1.Volume.newBuilder()
                            .setName("m")
                            .setVolumeSource(
                                V1.VolumeSource.newBuilder()
                                    .setConfigMap(
                                        V1.ConfigMapVolumeSource.newBuilder()
                                            .setLocalObjectReference(
                                                V1.LocalObjectReference.newBuilder()
                                                    .setName("cm")))))
                    .addContainers(
                        V1.Container.newBuilder()
                            .setName("c")
                            .setLivenessProbe(
                                V1.Probe.newBuilder()
                                    .setHandler(
                                        V1.ProbeHandler.newBuilder()
                                            .setHttpGet(
                                                V1.HTTPGetAction.newBuilder()
                                                    .setPort(
                                                        IntStr.IntOrString.newBuilder()
                                                            .setType(1)
                                                            .setStrVal("web"))))
                                    .setPeriodSeconds(5))
                            .setResources(
                                V1.ResourceRequirements.newBuilder()
                                    .putLimits(
                                        "cpu",
                                        Resource.Quantity.newBuilder().setString("0.5").build())))
                    .addEphemeralContainers(
                        V1.EphemeralContainer.newBuilder()
                            .setEphemeralContainerCommon(
                                V1.EphemeralContainerCommon.newBuilder().setName("e"))
                            .setTargetContainerName("c")))
            .setStatus(
                V1.PodStatus.newBuilder()
                    .setStartTime(Meta.Time.newBuilder().setSeconds(0).setNanos(0)))
            .build();
    assertThat(decoded("v1", "Pod", pod))
        .isEqualTo(
            json(
                "{'apiVersion':'v1','kind':'Pod','spec':{'volumes':[{'name':'v','emptyDir':"
                    + "{'sizeLimit':'1Gi'}},{'name':'m','configMap':{'name':'cm'}}],'containers':"
                    + "[{'name':'c','livenessProbe':{'httpGet':{'port':'web'},'periodSeconds':5},"
                    + "'resources':{'limits':{'cpu':'0.5'}}}],'ephemeralContainers':[{'name':'e',"
                    + "'targetContainerName':'c'}]},'status':{'startTime':'1970-01-01T00:00:00Z'}}"));
  }

  @Test
  void bytesAreBase64AndManagedFieldsAreJson() throws Exception {
    V1.Secret secret =
        V1.Secret.newBuilder()
            .setMetadata(
                Meta.ObjectMeta.newBuilder()
                    .addManagedFields(
                        Meta.ManagedFieldsEntry.newBuilder()
                            .setManager("m")
                            .setFieldsV1(
                                Meta.FieldsV1.newBuilder()
                                    .setRaw(ByteString.copyFromUtf8("{\"f:data\":{}}")))))
            .putData("k", ByteString.copyFrom(new byte[] {0, (byte) 0xff}))
            .putData("none", ByteString.EMPTY)
            .setType("Opaque")
            .build();
    assertThat(decoded("v1", "Secret", secret))
        .isEqualTo(
            json(
                "{'apiVersion':'v1','kind':'Secret','metadata':{'managedFields':[{'manager':'m',"
                    + "'fieldsV1':{'f:data':{}}}]},'data':{'k':'AP8=','none':''},'type':'Opaque'}"));
  }

  @Test
  void timesHaveTheirPrecision() throws Exception {
    V1Coordination.Lease lease =
        V1Coordination.Lease.newBuilder()
            .setSpec(
                V1Coordination.LeaseSpec.newBuilder()
                    .setHolderIdentity("")
                    .setRenewTime(
                        Meta.MicroTime.newBuilder().setSeconds(1_700_000_000).setNanos(1_234_999)))
            .build();
    assertThat(decoded("coordination.k8s.io/v1", "Lease", lease))
        .isEqualTo(
            json(
                "{'apiVersion':'coordination.k8s.io/v1','kind':'Lease','spec':{'holderIdentity':"
                    + "'','renewTime':'2023-11-14T22:13:20.001234Z'}}"));
  }

  @Test
  void whatKubectlSendsInProtobufIsRead() throws Exception {
    assertThat(
            decoded(
                "autoscaling/v1",
                "Scale",
                V1Autoscaling.Scale.newBuilder()
                    .setMetadata(Meta.ObjectMeta.newBuilder().setResourceVersion("7"))
                    .setSpec(V1Autoscaling.ScaleSpec.newBuilder().setReplicas(3))
                    .build()))
        .isEqualTo(
            json(
                "{'apiVersion':'autoscaling/v1','kind':'Scale','metadata':{'resourceVersion':'7'},"
                    + "'spec':{'replicas':3}}"));
    assertThat(
            decoded(
                "policy/v1",
                "DeleteOptions",
                Meta.DeleteOptions.newBuilder()
                    .setGracePeriodSeconds(0)
                    .setOrphanDependents(false)
                    .setPreconditions(Meta.Preconditions.newBuilder().setUid("u"))
                    .addDryRun("All")
                    .build()))
        .isEqualTo(
            json(
                "{'apiVersion':'policy/v1','kind':'DeleteOptions','gracePeriodSeconds':0,"
                    + "'orphanDependents':false,'preconditions':{'uid':'u'},'dryRun':['All']}"));
    assertThat(
            decoded(
                "authorization.k8s.io/v1",
                "SelfSubjectAccessReview",
                V1Authorization.SelfSubjectAccessReview.newBuilder()
                    .setSpec(
                        V1Authorization.SelfSubjectAccessReviewSpec.newBuilder()
                            .setResourceAttributes(
                                V1Authorization.ResourceAttributes.newBuilder()
                                    .setVerb("get")
                                    .setGroup("")
                                    .setResource("pods")))
                    .setStatus(
                        V1Authorization.SubjectAccessReviewStatus.newBuilder().setAllowed(false))
                    .build()))
        .isEqualTo(
            json(
                "{'apiVersion':'authorization.k8s.io/v1','kind':'SelfSubjectAccessReview','spec':"
                    + "{'resourceAttributes':{'verb':'get','resource':'pods'}},'status':{'allowed':"
                    + "false}}"));
  }

  @Test
  void whatHasAnotherNameOrFormInJsonIsRead() throws Exception {
    assertThat(
            decoded(
                "authentication.k8s.io/v1",
                "TokenRequest",
                V1Authentication.TokenRequest.newBuilder()
                    .setSpec(
                        V1Authentication.TokenRequestSpec.newBuilder()
                            .addAudiences("a")
                            .setExpirationSeconds(600)
                            .setBoundObjectRef(
                                V1Authentication.BoundObjectReference.newBuilder().setUID("u")))
                    .build()))
        .isEqualTo(
            json(
                "{'apiVersion':'authentication.k8s.io/v1','kind':'TokenRequest','spec':{"
                    + "'audiences':['a'],'expirationSeconds':600,'boundObjectRef':{'uid':'u'}}}"));
    assertThat(
            decoded(
                    "authorization.k8s.io/v1",
                    "SubjectAccessReview",
                    V1Authorization.SubjectAccessReview.newBuilder()
                        .setSpec(
                            V1Authorization.SubjectAccessReviewSpec.newBuilder()
                                .putExtra(
                                    "scopes",
                                    V1Authorization.ExtraValue.newBuilder().addItems("x").build()))
                        .build())
                .at("/spec/extra"))
        .isEqualTo(json("{'scopes':['x']}"));
  }

  @Test
  void whatIsNotKnownIsRefused() {
    byte[] pod =
        wrap(
            "v1",
            "Pod",
            V1.Pod.newBuilder().setSpec(V1.PodSpec.newBuilder().setNodeName("n")).build());
    assertThatThrownBy(() -> protobuf.decode("{}".getBytes(StandardCharsets.UTF_8)))
        .isInstanceOf(InvalidProtobufException.class)
        .hasMessage(
            "provided data does not appear to be a protobuf message, expected prefix k8s\\0");
    assertThatThrownBy(() -> protobuf.decode(Arrays.copyOf(pod, pod.length - 1)))
        .isInstanceOf(InvalidProtobufException.class)
        .hasMessage("the protobuf message cannot be read");
    assertThatThrownBy(() -> protobuf.decode(wrap("v1", "Gizmo", V1.Pod.getDefaultInstance())))
        .isInstanceOf(InvalidProtobufException.class)
        .hasMessage("no kind \"Gizmo\" is registered for version \"v1\"");
    assertThatThrownBy(
            () ->
                protobuf.decode(
                    wrap(
                        "v1",
                        "Pod",
                        Runtime.Unknown.newBuilder()
                            .setRaw(ByteString.copyFrom(new byte[] {0x0a, 0x7f}))
                            .build())))
        .isInstanceOf(InvalidProtobufException.class)
        .hasMessage("the protobuf message cannot be read");
  }
}
