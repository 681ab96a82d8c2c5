package dev.ensemble.core.decode;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ensemble.core.schema.ApiKind;
import dev.ensemble.core.schema.Definitions;
import dev.ensemble.core.schema.Schema;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ObjectDecoderTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final ObjectDecoder DECODER = new ObjectDecoder(DecodeLimits.standard());
  private static final ApiKind DEPLOYMENT = ApiKind.of("apps/v1", "Deployment");
  private static final ApiKind POD = ApiKind.of("v1", "Pod");

  private static DecodeResult decode(
      BodyFormat format, ApiKind kind, String body, FieldValidation fieldValidation) {
    Schema.Struct schema = Definitions.builtIn().byKind(kind).orElseThrow();
    return DECODER.decode(
        format,
        body.getBytes(StandardCharsets.UTF_8),
        kind,
        schema,
        DecodeOptions.of(fieldValidation));
  }

  private static DecodeResult json(ApiKind kind, String body) {
    return decode(BodyFormat.JSON, kind, body.replace('\'', '"'), FieldValidation.STRICT);
  }

  private static DecodeResult.Decoded decoded(String object, String... warnings) throws Exception {
    JsonNode tree = JSON.readTree(object.replace('\'', '"'));
    return new DecodeResult.Decoded((ObjectNode) tree, List.of(warnings));
  }

  private static DecodeResult badRequest(String message) {
    return new DecodeResult.Refused(
        DecodeResult.Reason.BAD_REQUEST,
        message.replace('\'', '"').replace("couldn\"t", "couldn't"));
  }

  @Test
  void whatSaysNothingIsNotStored() throws Exception {
    assertThat(
            json(
                POD,
                "{'kind':'Pod','apiVersion':'v1','metadata':{'name':'a','creationTimestamp':null,"
                    + "'labels':{},'finalizers':[]},'spec':{'hostNetwork':false,'volumes':[{'name':"
                    + "'v','emptyDir':{}}],'terminationGracePeriodSeconds':0,'nodeName':'',"
                    + "'containers':[{'name':'c','resources':{},'stdin':false,'env':[{'name':'E',"
                    + "'value':''}],'securityContext':{'privileged':false}}]},'status':{}}"))
        .isEqualTo(
            decoded(
                "{'kind':'Pod','apiVersion':'v1','metadata':{'name':'a'},'spec':{'volumes':"
                    + "[{'name':'v','emptyDir':{}}],'terminationGracePeriodSeconds':0,"
                    + "'containers':[{'name':'c','env':[{'name':'E'}],'securityContext':"
                    + "{'privileged':false}}]}}"));
  }

  @Test
  void anAppliedConfigurationKeepsItsZeros() throws Exception {
    JsonNode tree = JSON.readTree("{\"spec\":{\"hostNetwork\":false,\"nodeName\":null}}");
    assertThat(
            DECODER.decode(
                tree,
                POD,
                Definitions.builtIn().byKind(POD).orElseThrow(),
                new DecodeOptions(FieldValidation.STRICT, DecodeOptions.Zeros.AS_GIVEN)))
        .isEqualTo(decoded("{'spec':{'hostNetwork':false},'apiVersion':'v1','kind':'Pod'}"));
  }

  @Test
  void quantitiesAndTimesHaveOneForm() throws Exception {
    assertThat(
            json(
                POD,
                "{'metadata':{'creationTimestamp':'2024-02-29T23:30:00.25-01:00'},'spec':"
                    + "{'overhead':{'cpu':0.5,'memory':'1Gi','none':null},'containers':[]}}"))
        .isEqualTo(
            decoded(
                "{'metadata':{'creationTimestamp':'2024-03-01T00:30:00Z'},'spec':{'overhead':"
                    + "{'cpu':'500m','memory':'1Gi','none':'0'},'containers':[]},'apiVersion':'v1',"
                    + "'kind':'Pod'}"));
    assertThat(
            json(
                ApiKind.of("coordination.k8s.io/v1", "Lease"),
                "{'spec':{'renewTime':'2024-01-01T00:00:00Z'}}"))
        .isEqualTo(
            decoded(
                "{'spec':{'renewTime':'2024-01-01T00:00:00.000000Z'},'apiVersion':"
                    + "'coordination.k8s.io/v1','kind':'Lease'}"));
  }

  @Test
  void wholeNumbersAreAsAParserMakesThem() throws Exception {
    assertThat(json(DEPLOYMENT, "{'metadata':{'generation':5000000000},'spec':{'replicas':3}}"))
        .isEqualTo(
            decoded(
                "{'metadata':{'generation':5000000000},'spec':{'replicas':3},'apiVersion':"
                    + "'apps/v1','kind':'Deployment'}"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{'spec':{'replicas':'3'}}|json: cannot unmarshal string into Go struct field"
            + " DeploymentSpec.spec.replicas of type int32",
        "{'spec':{'replicas':3.0}}|json: cannot unmarshal number 3.0 into Go struct field"
            + " DeploymentSpec.spec.replicas of type int32",
        "{'spec':{'replicas':3000000000}}|json: cannot unmarshal number 3000000000 into Go struct"
            + " field DeploymentSpec.spec.replicas of type int32",
        "{'metadata':{'labels':{'a':1}}}|json: cannot unmarshal number into Go struct field"
            + " ObjectMeta.metadata.labels of type string",
        "{'spec':{'template':{'spec':{'containers':{}}}}}|json: cannot unmarshal object into Go"
            + " struct field PodSpec.spec.template.spec.containers of type []v1.Container",
        "{'spec':{'template':{'spec':{'containers':[7]}}}}|json: cannot unmarshal number into Go"
            + " struct field PodSpec.spec.template.spec.containers of type v1.Container",
        "{'spec':[]}|json: cannot unmarshal array into Go struct field Deployment.spec of type"
            + " v1.DeploymentSpec",
        "{'spec':{'paused':'yes'}}|json: cannot unmarshal string into Go struct field"
            + " DeploymentSpec.spec.paused of type bool",
        "{'spec':{'template':{'spec':{'overhead':{'cpu':'lots'}}}}}|spec.template.spec.overhead.cpu:"
            + " quantities must match the regular expression"
            + " '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'",
        "{'metadata':{'creationTimestamp':'2024-02-30T00:00:00Z'}}|metadata.creationTimestamp:"
            + " parsing time '2024-02-30T00:00:00Z' as '2006-01-02T15:04:05Z07:00': cannot parse"
            + " it",
        "{'a':1,'spec':{'b':1,'replicas':1,'replicas':2,'template':{'spec':{'containers':[{'c':1}]}}}}|strict"
            + " decoding error: unknown field 'a', unknown field 'spec.b', duplicate field"
            + " 'spec.replicas', unknown field 'spec.template.spec.containers[0].c'",
        "{'spec':{'Replicas':1,'paused':null,'paused':null}}|strict decoding error: unknown field"
            + " 'spec.Replicas', duplicate field 'spec.paused'",
        "{'metadata':{'labels':{'x/y':'1','x/y':'2'}}}|strict decoding error: duplicate field"
            + " 'metadata.labels.x/y'",
        "{} {}|invalid content after top-level value"
      })
  void whatDoesNotFitIsRefusedInWordsThatClientsKnow(String body, String message) {
    String quoted = message.contains("regular expression") ? message : message.replace('\'', '"');
    assertThat(json(DEPLOYMENT, body))
        .isEqualTo(
            new DecodeResult.Refused(
                DecodeResult.Reason.BAD_REQUEST,
                "Deployment in version \"v1\" cannot be handled as a Deployment: " + quoted));
  }

  @Test
  void anotherKindOrVersionIsRefused() {
    assertThat(json(DEPLOYMENT, "{'kind':'Deployment','apiVersion':'apps/v1beta1'}"))
        .isEqualTo(
            badRequest(
                "the API version in the data (apps/v1beta1) does not match the expected API"
                    + " version (apps/v1)"));
    assertThat(json(DEPLOYMENT, "{'kind':'ReplicaSet','apiVersion':'apps/v1'}"))
        .isEqualTo(
            badRequest(
                "ReplicaSet in version 'v1' cannot be handled as a Deployment: its kind is not"
                    + " Deployment"));
  }

  @Test
  void deleteOptionsComeInTheVersionOfAnyGroup() throws Exception {
    assertThat(
            json(
                ApiKind.of("v1", "DeleteOptions"),
                "{'kind':'DeleteOptions','apiVersion':'policy/v1','gracePeriodSeconds':0}"))
        .isEqualTo(
            decoded("{'kind':'DeleteOptions','apiVersion':'policy/v1','gracePeriodSeconds':0}"));
  }

  @Test
  void aBodyThatIsNoJsonSaysWhereAndQuotesNothing() {
    assertThat(json(POD, "{'metadata':{'name':secret}}"))
        .isEqualTo(
            badRequest(
                "the object provided is unrecognized (must be of type Pod): couldn't get"
                    + " version/kind; json parse error: invalid JSON at line 1, column 28"));
  }

  @Test
  void noBodyIsNoObject() {
    assertThat(json(POD, " "))
        .isEqualTo(
            badRequest(
                "the object provided is unrecognized (must be of type Pod): couldn't get"
                    + " version/kind; json parse error: unexpected end of JSON input"));
    assertThat(json(POD, "[]"))
        .isEqualTo(
            badRequest(
                "Pod in version 'v1' cannot be handled as a Pod: json: cannot unmarshal array into"
                    + " Go value of type v1.Pod"));
  }

  @Test
  void warnReportsAndIgnoreIsSilentAndBothPrune() throws Exception {
    String body = "{\"spec\":{\"containers\":[],\"foo\":{\"a\":[1]}},\"metadata\":{}}";
    String object = "{'spec':{'containers':[]},'apiVersion':'v1','kind':'Pod'}";
    assertThat(decode(BodyFormat.JSON, POD, body, FieldValidation.WARN))
        .isEqualTo(decoded(object, "unknown field \"spec.foo\""));
    assertThat(decode(BodyFormat.JSON, POD, body, FieldValidation.IGNORE))
        .isEqualTo(decoded(object));
  }

  @Test
  void bodiesPastALimitAreRefused() {
    ObjectDecoder small = new ObjectDecoder(new DecodeLimits(60, 3, 5, 1));
    Schema.Struct schema = Definitions.builtIn().byKind(POD).orElseThrow();
    DecodeOptions strict = DecodeOptions.of(FieldValidation.STRICT);
    assertThat(small.decode(BodyFormat.JSON, new byte[61], POD, schema, strict))
        .isEqualTo(
            new DecodeResult.Refused(
                DecodeResult.Reason.TOO_LARGE, "Request entity too large: limit is 60"));
    assertThat(
            small.decode(
                BodyFormat.JSON,
                "{\"x\":[[[]]]}".getBytes(StandardCharsets.UTF_8),
                POD,
                schema,
                strict))
        .isEqualTo(
            badRequest(
                "the object provided is unrecognized (must be of type Pod): couldn't get"
                    + " version/kind; json parse error: exceeds the limit of depth or size"));
    assertThat(
            small.decode(
                BodyFormat.JSON,
                "{\"x\":1,\"y\":2}".getBytes(StandardCharsets.UTF_8),
                POD,
                schema,
                strict))
        .isEqualTo(
            badRequest(
                "Pod in version 'v1' cannot be handled as a Pod: strict decoding error: unknown"
                    + " field 'x'"));
    assertThat(
            small.decode(
                BodyFormat.YAML,
                "x: &a [1, 2]\ny: *a\nz: *a\n".getBytes(StandardCharsets.UTF_8),
                POD,
                schema,
                strict))
        .isEqualTo(
            badRequest(
                "the object provided is unrecognized (must be of type Pod): couldn't get"
                    + " version/kind; yaml parse error: it has more than 5 values"));
  }

  @Test
  void yamlIsReadAsKubernetesToolsReadIt() throws Exception {
    String yaml =
        """
        apiVersion: v1
        kind: Pod
        metadata:
          labels: {on: "yes", 1: "0644"}
          annotations: &shared
            text: |
              two
              lines
        spec:
          hostNetwork: yes
          volumes:
          - name: v
            secret: {secretName: s, defaultMode: 0644}
          nodeSelector:
            <<: *shared
            own: x
          overhead: {cpu: 0.5}
          containers: ~
        """;
    assertThat(decode(BodyFormat.YAML, POD, yaml, FieldValidation.STRICT))
        .isEqualTo(
            decoded(
                "{'apiVersion':'v1','kind':'Pod','metadata':{'labels':{'true':'yes','1':'0644'},"
                    + "'annotations':{'text':'two\\nlines\\n'}},'spec':{'hostNetwork':true,"
                    + "'volumes':[{'name':'v','secret':{'secretName':'s','defaultMode':420}}],"
                    + "'nodeSelector':{'own':'x','text':'two\\nlines\\n'},'overhead':{'cpu':'500m'}"
                    + "}}"));
    assertThat(decode(BodyFormat.YAML, POD, "metadata: {name: a, name: b}", FieldValidation.STRICT))
        .isEqualTo(
            badRequest(
                "Pod in version 'v1' cannot be handled as a Pod: strict decoding error: duplicate"
                    + " field 'metadata.name'"));
    assertThat(decode(BodyFormat.YAML, POD, "a: [b", FieldValidation.STRICT))
        .isEqualTo(
            badRequest(
                "the object provided is unrecognized (must be of type Pod): couldn't get"
                    + " version/kind; yaml parse error: invalid YAML at line 1, column 6"));
    assertThat(decode(BodyFormat.YAML, POD, "a: !!java.util.Date x", FieldValidation.STRICT))
        .isEqualTo(
            badRequest(
                "the object provided is unrecognized (must be of type Pod): couldn't get"
                    + " version/kind; yaml parse error: a tag is not known"));
  }
}
