package dev.ensemble.core.apply;

import static dev.ensemble.core.json.Json.json;
import static dev.ensemble.core.json.Json.nested;
import static dev.ensemble.core.json.Json.object;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ensemble.core.apply.ApplyResult.Applied;
import dev.ensemble.core.apply.ApplyResult.Conflicted;
import dev.ensemble.core.apply.ApplyResult.Invalid;
import dev.ensemble.core.schema.Schema;
import dev.ensemble.core.schema.Schemas;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ServerSideApplyTest {
  private static final Schema.Struct SCHEMA = Schemas.DEPLOYMENT;
  private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");
  private static final Instant LATER = NOW.plusSeconds(60);
  private static final String KIND = "apiVersion:'apps/v1',kind:'Deployment'";

  @Test
  void theFirstApplyCreatesAndOwnsWhatItMentions() {
    ObjectNode result =
        applied(
            Optional.empty(),
            "{metadata:{name:'web',labels:{a:'1'},annotations:{}},spec:{replicas:1,paused:null,"
                + "selector:{matchLabels:{a:'1'}},template:{spec:{containers:[{name:'c',image:'i',"
                + "ports:[{containerPort:80}],args:[]}]}}},status:{replicas:1}}",
            "ci");
    assertThat(result)
        .isEqualTo(
            json(
                "{"
                    + KIND
                    + ",metadata:{name:'web',labels:{a:'1'},annotations:{},managedFields:["
                    + "{apiVersion:'apps/v1',fieldsType:'FieldsV1',fieldsV1:{'f:metadata':{"
                    + "'f:annotations':{},'f:labels':{'f:a':{}}},'f:spec':{'f:paused':{},"
                    + "'f:replicas':{},'f:selector':{},'f:template':{'f:spec':{'f:containers':{"
                    + "'k:{\"name\":\"c\"}':{'.':{},'f:args':{},'f:image':{},'f:name':{},"
                    + "'f:ports':{'k:{\"containerPort\":80,\"protocol\":\"TCP\"}':{'.':{},"
                    + "'f:containerPort':{}}}}}}}}},manager:'ci',operation:'Apply',"
                    + "time:'2026-01-02T03:04:05Z'}]},spec:{replicas:1,selector:{matchLabels:"
                    + "{a:'1'}},template:{spec:{containers:[{name:'c',image:'i',ports:["
                    + "{containerPort:80}],args:[]}]}}},status:{replicas:1}}"));
  }

  /** What the second apply makes of the first one's object, in one manager's hands. */
  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      delimiter = '|',
      value = {
        "{spec:{replicas:1}} | {spec:{replicas:2}} | {spec:{replicas:2}}",
        "{spec:{replicas:1,paused:true}} | {spec:{replicas:1}} | {spec:{replicas:1}}",
        "{metadata:{labels:{a:'1',b:'2'}}} | {metadata:{labels:{b:'2',c:'3'}}} |"
            + " {metadata:{labels:{b:'2',c:'3'}}}",
        "{metadata:{labels:{a:'1'}},spec:{replicas:1}} | {spec:{replicas:1}} |"
            + " {spec:{replicas:1}}",
        "{metadata:{finalizers:['x','y']}} | {metadata:{finalizers:['z','y']}} |"
            + " {metadata:{finalizers:['z','y']}}",
        "{spec:{selector:{matchLabels:{a:'1'}}}} | {spec:{selector:{matchLabels:{b:'1'}}}} |"
            + " {spec:{selector:{matchLabels:{b:'1'}}}}",
        "{spec:{extra:{a:1}}} | {spec:{extra:{b:1}}} | {spec:{extra:{b:1}}}",
        "{spec:{template:{spec:{containers:[{name:'a',image:'1'},{name:'b'}]}}}} |"
            + " {spec:{template:{spec:{containers:[{name:'b'}]}}}} |"
            + " {spec:{template:{spec:{containers:[{name:'b'}]}}}}",
        "{spec:{template:{spec:{containers:[{name:'a',image:'1'},{name:'b'}]}}}} |"
            + " {spec:{template:{spec:{containers:[{name:'b'},{name:'a'}]}}}} |"
            + " {spec:{template:{spec:{containers:[{name:'b'},{name:'a'}]}}}}",
        "{spec:{template:{spec:{nodeSelector:{a:'1'}}}}} |"
            + " {spec:{template:{spec:{nodeSelector:{b:'1'}}}}} |"
            + " {spec:{template:{spec:{nodeSelector:{b:'1'}}}}}",
        "{spec:{strategy:{rollingUpdate:{maxSurge:'1'}}}} | {spec:{strategy:{type:'Recreate'}}} |"
            + " {spec:{strategy:{type:'Recreate'}}}",
        "{spec:{replicas:1}} | {spec:{replicas:null}} | {spec:{}}",
      })
  void whatIsAppliedNoLongerGoes(String first, String second, String result) {
    ObjectNode live = applied(Optional.empty(), first, "ci");
    ObjectNode after = applied(Optional.of(live), second, "ci");
    assertThat(plain(after)).isEqualTo(json(result));
    assertThat(owners(after)).isEqualTo("ci Apply");
  }

  @Test
  void whatOthersOwnTooStays() {
    ObjectNode live = applied(Optional.empty(), "{spec:{replicas:1,paused:true}}", "a");
    ObjectNode shared = applied(Optional.of(live), "{spec:{replicas:1}}", "b");
    assertThat(owners(shared)).isEqualTo("a Apply, b Apply");
    ObjectNode left = applied(Optional.of(shared), "{}", "a");
    assertThat(plain(left)).isEqualTo(json("{spec:{replicas:1}}"));
    assertThat(owners(left)).isEqualTo("b Apply");
  }

  @Test
  void anItemThatIsGivenUpGoesWithItsDefaultsButNotWithWhatOthersHaveAdded() {
    String container = "{spec:{template:{spec:{containers:[{name:'a',image:'1'},{name:'b'}]}}}}";
    ObjectNode live = applied(Optional.empty(), container, "ci");
    ((ObjectNode) live.at("/spec/template/spec/containers/1"))
        .set("resources", json("{limits:{cpu:'1'}}"));
    String without = "{spec:{template:{spec:{containers:[{name:'a',image:'1'}]}}}}";
    assertThat(plain(applied(Optional.of(live), without, "ci"))).isEqualTo(json(without));

    ObjectNode labelled =
        applied(
            Optional.of(applied(Optional.empty(), "{metadata:{labels:{a:'1'}}}", "ci")),
            "{metadata:{labels:{b:'2'}}}",
            "other");
    assertThat(plain(applied(Optional.of(labelled), "{}", "ci")))
        .isEqualTo(json("{metadata:{labels:{b:'2'}}}"));
  }

  @Test
  void fieldsThatNobodyOwnsStay() {
    ObjectNode live = applied(Optional.empty(), "{spec:{replicas:1}}", "ci");
    ((ObjectNode) live.get("spec")).put("paused", false);
    assertThat(plain(applied(Optional.of(live), "{spec:{replicas:2}}", "ci")))
        .isEqualTo(json("{spec:{replicas:2,paused:false}}"));
  }

  @Test
  void anotherValueForAFieldOfOthersIsAConflict() {
    ObjectNode live =
        applied(
            Optional.empty(),
            "{spec:{replicas:1,template:{spec:{containers:[{name:'nginx',image:'1',"
                + "ports:[{containerPort:80,name:'x'}]}]}}},metadata:{finalizers:['f']}}",
            "a");
    String change =
        "{spec:{replicas:2,template:{spec:{containers:[{name:'nginx',image:'2',"
            + "ports:[{containerPort:80,name:'y'}]}]}}}}";
    Conflicted conflicted = (Conflicted) apply(Optional.of(live), change, "b");
    assertThat(conflicted.conflicts())
        .extracting(Conflict::field)
        .containsExactly(
            ".spec.replicas",
            ".spec.template.spec.containers[name=\"nginx\"].image",
            ".spec.template.spec.containers[name=\"nginx\"]"
                + ".ports[containerPort=80,protocol=\"TCP\"].name");
    assertThat(conflicted.conflicts().get(0))
        .isEqualTo(
            new Conflict(
                "a",
                "Apply",
                "apps/v1",
                "",
                Optional.of("2026-01-02T03:04:05Z"),
                ".spec.replicas"));
    assertThat(conflicted.message())
        .isEqualTo(
            "Apply failed with 3 conflicts: conflicts with \"a\":\n- .spec.replicas\n"
                + "- .spec.template.spec.containers[name=\"nginx\"].image\n"
                + "- .spec.template.spec.containers[name=\"nginx\"]"
                + ".ports[containerPort=80,protocol=\"TCP\"].name");
  }

  @Test
  void theMessageOfAConflictWithAnUpdateTellsVersionAndSubresource() {
    ObjectNode live =
        ManagedFields.afterUpdate(
            Optional.empty(),
            object("{spec:{replicas:1}}"),
            new FieldOwner("hpa", "autoscaling/v1", "scale"),
            NOW,
            SCHEMA);
    Conflicted conflicted = (Conflicted) apply(Optional.of(live), "{spec:{replicas:2}}", "b");
    assertThat(conflicted.message())
        .isEqualTo(
            "Apply failed with 1 conflict: conflict with \"hpa\" with subresource \"scale\" using"
                + " autoscaling/v1: .spec.replicas");
    assertThat(conflicted.conflicts().get(0).message())
        .isEqualTo("conflict with \"hpa\" with subresource \"scale\" using autoscaling/v1");
  }

  @Test
  void equalValuesAreSharedWithoutConflict() {
    ObjectNode live = applied(Optional.empty(), "{spec:{replicas:1}}", "a");
    ObjectNode shared = applied(Optional.of(live), "{spec:{replicas:1}}", "b");
    assertThat(entry(shared, 0).get("fieldsV1")).isEqualTo(json("{'f:spec':{'f:replicas':{}}}"));
    assertThat(entry(shared, 1).get("fieldsV1")).isEqualTo(json("{'f:spec':{'f:replicas':{}}}"));
    assertThat(apply(Optional.of(shared), "{spec:{replicas:2}}", "a"))
        .isInstanceOf(Conflicted.class);
  }

  @Test
  void forceTakesTheFields() {
    ObjectNode live = applied(Optional.empty(), "{spec:{replicas:1,paused:true}}", "a");
    ApplyResult result =
        ServerSideApply.apply(
            Optional.of(live),
            config("{spec:{replicas:2}}"),
            FieldOwner.of("b", "apps/v1"),
            ConflictPolicy.FORCE,
            LATER,
            SCHEMA);
    ObjectNode after = ((Applied) result).object();
    assertThat(plain(after)).isEqualTo(json("{spec:{replicas:2,paused:true}}"));
    assertThat(entry(after, 0).get("fieldsV1")).isEqualTo(json("{'f:spec':{'f:paused':{}}}"));
    assertThat(entry(after, 1).get("fieldsV1")).isEqualTo(json("{'f:spec':{'f:replicas':{}}}"));
  }

  @Test
  void anApplyWithoutEffectKeepsEverything() {
    String config = "{metadata:{labels:{a:'1'}},spec:{replicas:1,selector:{matchLabels:{a:'1'}}}}";
    ObjectNode live = applied(Optional.empty(), config, "ci");
    ApplyResult again =
        ServerSideApply.apply(
            Optional.of(live),
            config(config),
            FieldOwner.of("ci", "apps/v1"),
            ConflictPolicy.REFUSE,
            LATER,
            SCHEMA);
    assertThat(again).isEqualTo(new Applied(live));
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      delimiter = '|',
      value = {
        "{spec:{spam:1}} | .spec.spam: field not declared in schema",
        "{spec:{template:{spec:{containers:[{name:'a'},{name:'a'}]}}}} |"
            + " .spec.template.spec.containers: duplicate entries for key [name=\"a\"]",
        "{metadata:{finalizers:['a','a']}} |"
            + " .metadata.finalizers: duplicate entries for key [=\"a\"]",
        "{spec:{template:{spec:{containers:[{image:'a'}]}}}} |"
            + " .spec.template.spec.containers: element 0: associative list with keys has an"
            + " element that omits key field \"name\" (and doesn't have default value)",
        "{spec:{template:{spec:{containers:['a']}}}} | may not have non-map elements",
        "{metadata:{finalizers:[{}]}} | an element that is no scalar",
      })
  void whatDoesNotFitTheSchemaIsRefused(String config, String message) {
    Invalid invalid = (Invalid) apply(Optional.empty(), config, "ci");
    assertThat(invalid.kind()).isEqualTo(ApplyResult.Kind.UNTYPED);
    assertThat(invalid.message())
        .startsWith("failed to create typed patch object (/; apps/v1, Kind=Deployment): ")
        .contains(message);
  }

  @Test
  void managedFieldsVersionAndDepthAreChecked() {
    assertThat(apply(Optional.empty(), "{metadata:{managedFields:[]}}", "ci"))
        .isEqualTo(new Invalid(ApplyResult.Kind.BAD_REQUEST, "metadata.managedFields must be nil"));
    ApplyResult wrongVersion =
        ServerSideApply.apply(
            Optional.empty(),
            object("{apiVersion:'apps/v2'}"),
            FieldOwner.of("ci", "apps/v1"),
            ConflictPolicy.REFUSE,
            NOW,
            SCHEMA);
    assertThat(wrongVersion)
        .isEqualTo(
            new Invalid(
                ApplyResult.Kind.BAD_REQUEST,
                "Incorrect version specified in apply patch. Specified patch version: apps/v2,"
                    + " expected: apps/v1"));
    ObjectNode deep = config("{}");
    deep.set("spec", nested(10_000));
    assertThat(
            ServerSideApply.apply(
                Optional.empty(),
                deep,
                FieldOwner.of("ci", "apps/v1"),
                ConflictPolicy.REFUSE,
                NOW,
                SCHEMA))
        .isInstanceOf(Invalid.class);
  }

  @Test
  void orderFollowsTheAppliedListWithOthersInBetween() {
    String[][] cases = {
      {"a,b,c", "c,a", "b,c,a"},
      {"a,b,c", "a,x,c", "a,b,x,c"},
      {"a,b", "x,y", "a,b,x,y"},
      {"a,b,c,d", "d,b", "a,c,d,b"},
      {"", "b,a", "b,a"},
    };
    for (String[] row : cases) {
      ObjectNode live = object("{" + KIND + "}");
      if (!row[0].isEmpty()) {
        live = applied(Optional.empty(), containers(row[0]), "a");
      }
      ObjectNode after = applied(Optional.of(live), containers(row[1]), "b");
      assertThat(plain(after)).isEqualTo(json(containers(row[2])));
    }
  }

  @Test
  void theResultSharesNothingWithTheLiveObject() {
    ObjectNode live =
        applied(Optional.empty(), "{spec:{replicas:1,selector:{matchLabels:{a:'1'}}}}", "a");
    ObjectNode copy = live.deepCopy();
    ObjectNode after = applied(Optional.of(live), "{metadata:{labels:{b:'1'}}}", "b");
    ((ObjectNode) after.at("/spec/selector/matchLabels")).put("a", "2");
    assertThat(live).isEqualTo(copy);
  }

  private static String containers(String names) {
    StringBuilder list = new StringBuilder();
    for (String name : List.of(names.split(",", -1))) {
      list.append(list.length() == 0 ? "" : ",").append("{name:'").append(name).append("'}");
    }
    return "{spec:{template:{spec:{containers:[" + list + "]}}}}";
  }

  private static ObjectNode config(String text) {
    ObjectNode config = object(text);
    config.put("apiVersion", "apps/v1").put("kind", "Deployment");
    return config;
  }

  static ApplyResult apply(Optional<ObjectNode> live, String config, String manager) {
    return ServerSideApply.apply(
        live,
        config(config),
        FieldOwner.of(manager, "apps/v1"),
        ConflictPolicy.REFUSE,
        NOW,
        SCHEMA);
  }

  static ObjectNode applied(Optional<ObjectNode> live, String config, String manager) {
    ApplyResult result = apply(live, config, manager);
    assertThat(result).isInstanceOf(Applied.class);
    return ((Applied) result).object();
  }

  static JsonNode plain(ObjectNode object) {
    ObjectNode plain = ManagedFields.without(object);
    plain.remove(List.of("apiVersion", "kind"));
    if (plain.path("metadata").isEmpty() && !object.path("metadata").isEmpty()) {
      if (object.get("metadata").size() == 1) {
        plain.remove("metadata");
      }
    }
    return plain;
  }

  private static JsonNode entry(ObjectNode object, int index) {
    return object.at("/metadata/managedFields").get(index);
  }

  private static String owners(ObjectNode object) {
    return ManagedFieldsTest.owners(object);
  }
}
