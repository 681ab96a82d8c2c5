package dev.ensemble.core.patch;

import static dev.ensemble.core.json.Json.json;
import static dev.ensemble.core.json.Json.nested;
import static dev.ensemble.core.json.Json.object;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ensemble.core.patch.PatchException.Kind;
import dev.ensemble.core.schema.Schema;
import dev.ensemble.core.schema.Schemas;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StrategicMergePatchTest {
  private static final Schema.Struct DEPLOYMENT = Schemas.DEPLOYMENT;
  private static final Schema.Struct POD_SPEC =
      (Schema.Struct)
          ((Schema.Struct)
                  ((Schema.Struct) DEPLOYMENT.field("spec").orElseThrow().schema())
                      .field("template")
                      .orElseThrow()
                      .schema())
              .field("spec")
              .orElseThrow()
              .schema();

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      delimiter = '|',
      value = {
        // scalars and objects
        "{spec:{replicas:1}} | {spec:{replicas:2}} | {spec:{replicas:2}}",
        "{spec:{replicas:1,paused:true}} | {spec:{paused:null}} | {spec:{replicas:1}}",
        "{spec:{replicas:1}} | {spec:{paused:null}} | {spec:{replicas:1}}",
        "{metadata:{labels:{a:'1',b:'2'}}} | {metadata:{labels:{a:null,c:'3'}}} |"
            + " {metadata:{labels:{b:'2',c:'3'}}}",
        "{metadata:{}} | {metadata:{labels:{a:null,c:'3'}}} | {metadata:{labels:{c:'3'}}}",
        "{spec:{replicas:1}} | {metadata:{name:'x'}} | {spec:{replicas:1},metadata:{name:'x'}}",
        "{spec:{extra:{a:1}}} | {spec:{extra:{b:2}}} | {spec:{extra:{b:2}}}",
        "{spec:{groups:{a:['x'],b:['y']}}} | {spec:{groups:{a:['z']}}} |"
            + " {spec:{groups:{a:['z'],b:['y']}}}",
        // an atomic object still merges: strategic merge knows no map types
        "{spec:{selector:{matchLabels:{a:'1'}}}} | {spec:{selector:{matchLabels:{b:'2'}}}} |"
            + " {spec:{selector:{matchLabels:{a:'1',b:'2'}}}}",
        // directives on objects
        "{spec:{replicas:1,paused:true}} | {spec:{$patch:'replace',replicas:2}} |"
            + " {spec:{replicas:2}}",
        "{spec:{replicas:1,paused:true}} | {spec:{$patch:'delete',replicas:2}} | {spec:{}}",
        "{spec:{replicas:1}} | {$patch:'replace',metadata:{name:'x'}} | {metadata:{name:'x'}}",
        "{spec:{strategy:{type:'RollingUpdate',rollingUpdate:{maxSurge:'1'}}}} |"
            + " {spec:{strategy:{$retainKeys:['type'],type:'Recreate'}}} |"
            + " {spec:{strategy:{type:'Recreate'}}}",
        "{spec:{strategy:{type:'RollingUpdate',rollingUpdate:{maxSurge:'1'}}}} |"
            + " {spec:{strategy:{$retainKeys:['type'],type:'Recreate',rollingUpdate:null}}} |"
            + " {spec:{strategy:{type:'Recreate'}}}",
        "{spec:{}} | {spec:{strategy:{$retainKeys:['type'],type:'Recreate'}}} |"
            + " {spec:{strategy:{type:'Recreate'}}}",
        // sets of scalars
        "{metadata:{finalizers:['a','b']}} | {metadata:{finalizers:['c','b']}} |"
            + " {metadata:{finalizers:['c','a','b']}}",
        "{metadata:{finalizers:['a','b','c']}} |"
            + " {metadata:{'$deleteFromPrimitiveList/finalizers':['b']}} |"
            + " {metadata:{finalizers:['a','c']}}",
        "{metadata:{finalizers:['a','b','c']}} |"
            + " {metadata:{'$deleteFromPrimitiveList/finalizers':['b'],"
            + "'$setElementOrder/finalizers':['d','a'],finalizers:['d']}} |"
            + " {metadata:{finalizers:['d','a','c']}}",
        "{metadata:{}} | {metadata:{'$deleteFromPrimitiveList/finalizers':['b']}} | {metadata:{}}",
        "{metadata:{finalizers:['a']}} | {metadata:{finalizers:null}} | {metadata:{}}",
        "{metadata:{finalizers:['a']}} | {metadata:{finalizers:[]}} |"
            + " {metadata:{finalizers:['a']}}",
      })
  void patchesADeployment(String original, String patch, String result) {
    assertThat(StrategicMergePatch.apply(object(original), object(patch), DEPLOYMENT))
        .isEqualTo(json(result));
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      delimiter = '|',
      value = {
        "{containers:[{name:'a',image:'1'},{name:'b'}]} | {containers:[{name:'b',image:'2'}]} |"
            + " {containers:[{name:'a',image:'1'},{name:'b',image:'2'}]}",
        "{containers:[{name:'a',image:'1'}]} | {containers:[{name:'b'},{name:'a',image:null}]} |"
            + " {containers:[{name:'b'},{name:'a'}]}",
        "{containers:[{name:'a'},{name:'b'}]} | {containers:[{name:'a',$patch:'delete'}]} |"
            + " {containers:[{name:'b'}]}",
        "{containers:[{name:'a'}]} | {containers:[{name:'z',$patch:'delete'}]} |"
            + " {containers:[{name:'a'}]}",
        "{containers:[{name:'a'},{name:'b'}]} | {containers:[{$patch:'replace'},{name:'c'}]} |"
            + " {containers:[{name:'c'}]}",
        "{containers:[{name:'a'}]} | {containers:[{$patch:'replace'}]} | {containers:[]}",
        "{} | {containers:[{name:'a',image:null},{name:'b',$patch:'delete'}]} |"
            + " {containers:[{name:'a'}]}",
        "{containers:[{name:'a',args:['1']}]} | {containers:[{name:'a',args:['2','3']}]} |"
            + " {containers:[{name:'a',args:['2','3']}]}",
        "{containers:[{name:'a',ports:[{containerPort:80}]}]} |"
            + " {containers:[{name:'a',ports:[{containerPort:80,name:'x'},{containerPort:81}]}]} |"
            + " {containers:[{name:'a',ports:[{containerPort:80,name:'x'},{containerPort:81}]}]}",
        "{volumes:[{name:'v',emptyDir:{}}]} |"
            + " {volumes:[{name:'v',$retainKeys:['name','hostPath'],hostPath:{path:'/x'}}]} |"
            + " {volumes:[{name:'v',hostPath:{path:'/x'}}]}",
        // replaced as a whole: no strategy
        "{tolerations:[{key:'a'}]} | {tolerations:[{key:'b'}]} | {tolerations:[{key:'b'}]}",
        "{tolerations:[{key:'a'}]} | {'$setElementOrder/tolerations':[{key:'b'}],"
            + "tolerations:[{key:'b'}]} | {tolerations:[{key:'b'}]}",
        // order: directive, then live
        "{containers:[{name:'a'},{name:'b'},{name:'c'}]} |"
            + " {'$setElementOrder/containers':[{name:'c'},{name:'a'}]} |"
            + " {containers:[{name:'b'},{name:'c'},{name:'a'}]}",
        "{containers:[{name:'a'},{name:'b'}]} |"
            + " {'$setElementOrder/containers':[{name:'b'},{name:'a'}],"
            + "containers:[{name:'a',image:'1'}]} |"
            + " {containers:[{name:'b'},{name:'a',image:'1'}]}",
        "{containers:[{name:'a'},{name:'b'}]} |"
            + " {'$setElementOrder/containers':[{name:'n'},{name:'b'}],"
            + "containers:[{name:'n'},{name:'a',$patch:'delete'}]} |"
            + " {containers:[{name:'n'},{name:'b'}]}",
        "{containers:[{name:'s1'},{name:'a'},{name:'s2'},{name:'b'},{name:'s3'}]} |"
            + " {'$setElementOrder/containers':[{name:'b'},{name:'a'}]} |"
            + " {containers:[{name:'s1'},{name:'s2'},{name:'b'},{name:'a'},{name:'s3'}]}",
        "{} | {'$setElementOrder/containers':[{name:'a'}]} | {}",
        "{containers:[]} | {'$setElementOrder/containers':[{name:'a'}]} | {containers:[]}",
        "{} | {'$setElementOrder/containers':[{name:'b'},{name:'a'}],"
            + "containers:[{name:'b'},{name:'a'}]} | {containers:[{name:'b'},{name:'a'}]}",
        "{containers:[{name:'a'}]} | {containers:null,'$setElementOrder/containers':[]} | {}",
      })
  void patchesLists(String original, String patch, String result) {
    assertThat(StrategicMergePatch.apply(object(original), object(patch), POD_SPEC))
        .isEqualTo(json(result));
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      delimiter = '|',
      value = {
        "{containers:[{image:'x'}]} | UNFORESEEN | does not contain declared merge key: name",
        "{containers:[{$patch:'delete'}]} | UNFORESEEN | does not contain declared merge key: name",
        "{containers:['x']} | UNFORESEEN | list element types are not identical",
        "{containers:[[]]} | UNFORESEEN | list element types are not identical",
        "{containers:[{$patch:'merge'}]} | UNFORESEEN | merging lists cannot yet be specified",
        "{containers:[{$patch:'x',name:'a'}]} | UNFORESEEN | unknown patch type: x",
        "{$patch:'merge'} | UNFORESEEN | unknown patch type: merge",
        "{volumes:[{name:'v',$retainKeys:'name'}]} | MALFORMED | invalid patch format of"
            + " retainKeys",
        "{volumes:[{name:'v',$retainKeys:['name'],hostPath:{}}]} | MALFORMED |"
            + " invalid patch format of retainKeys",
        "{'$setElementOrder':[]} | MALFORMED | invalid patch format of setElementOrder list",
        "{'$setElementOrder/containers':'x'} | MALFORMED |"
            + " invalid patch format of setElementOrder list",
        "{'$setElementOrder/nothing':[]} | UNFORESEEN | unable to find api field in struct PodSpec",
        "{'$setElementOrder/containers':[{name:'a'}],containers:[{name:'b'}]} | UNFORESEEN |"
            + " doesn't match $setElementOrder list",
        "{'$setElementOrder/containers':[{name:'a'},{name:'b'}],"
            + "containers:[{name:'b'},{name:'a'}]} | UNFORESEEN |"
            + " doesn't match $setElementOrder list",
        "{'$deleteFromPrimitiveList':[]} | MALFORMED | invalid patch format of primitive list",
        "{'$deleteFromPrimitiveList/containers':1} | MALFORMED |"
            + " invalid patch format of primitive list",
      })
  void badPatchesAreRefused(String patch, Kind kind, String message) {
    ObjectNode original = object("{containers:[{name:'a'}],volumes:[{name:'v'}]}");
    assertThatThrownBy(() -> StrategicMergePatch.apply(original, object(patch), POD_SPEC))
        .hasMessageContaining(message)
        .asInstanceOf(InstanceOfAssertFactories.type(PatchException.class))
        .extracting(PatchException::kind)
        .isEqualTo(kind);
    assertThat(original).isEqualTo(json("{containers:[{name:'a'}],volumes:[{name:'v'}]}"));
  }

  @Test
  void theSelectorOfADisruptionBudgetIsReplaced() {
    Schema.Struct budget =
        Schemas.struct(
            "io.k8s.api.policy.v1.PodDisruptionBudgetSpec",
            Schemas.field(
                "selector",
                Schemas.struct(
                    "LabelSelector", Schemas.field("matchLabels", Schemas.mapOf(Schemas.TEXT)))));
    assertThat(
            StrategicMergePatch.apply(
                object("{selector:{matchLabels:{a:'1'}}}"),
                object("{selector:{matchLabels:{b:'2'}}}"),
                budget))
        .isEqualTo(json("{selector:{matchLabels:{b:'2'}}}"));
  }

  @Test
  void theResultSharesNothingWithThePatch() {
    ObjectNode patch = object("{containers:[{name:'a',resources:{limits:{cpu:'1'}}}]}");
    ObjectNode result = StrategicMergePatch.apply(object("{}"), patch, POD_SPEC);
    ((ObjectNode) result.at("/containers/0/resources/limits")).put("cpu", "2");
    assertThat(patch.at("/containers/0/resources/limits/cpu")).isEqualTo(json("'1'"));
  }

  @Test
  void depthIsBounded() {
    assertThatThrownBy(() -> StrategicMergePatch.apply(object("{}"), nested(10_000), DEPLOYMENT))
        .isInstanceOf(PatchException.class);
  }
}
