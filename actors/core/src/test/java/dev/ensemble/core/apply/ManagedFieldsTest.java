package dev.ensemble.core.apply;

import static dev.ensemble.core.json.Json.json;
import static dev.ensemble.core.json.Json.nested;
import static dev.ensemble.core.json.Json.object;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ensemble.core.schema.Schema;
import dev.ensemble.core.schema.Schemas;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ManagedFieldsTest {
  private static final Schema.Struct SCHEMA = Schemas.DEPLOYMENT;
  private static final Instant NOW = Instant.parse("2026-01-02T03:04:05.678Z");
  private static final Instant LATER = NOW.plusSeconds(60);
  private static final FieldOwner ALICE = FieldOwner.of("alice", "apps/v1");
  private static final FieldOwner BOB = FieldOwner.of("bob", "apps/v1");
  private static final FieldOwner STATUS = new FieldOwner("controller", "apps/v1", "status");

  private static final ObjectNode CREATED =
      object(
          "{apiVersion:'apps/v1',kind:'Deployment',metadata:{name:'web',namespace:'default',"
              + "uid:'u',creationTimestamp:'t',generation:1,labels:{app:'web'}},"
              + "spec:{replicas:1,selector:{matchLabels:{app:'web'}},strategy:{type:'RollingUpdate',"
              + "rollingUpdate:{maxSurge:'25%'}},template:{metadata:{labels:{app:'web'}},"
              + "spec:{containers:[{name:'c',image:'i',resources:{},args:['x'],"
              + "ports:[{containerPort:80,protocol:'TCP'}]}],nodeSelector:{a:'b'}}}},"
              + "status:{replicas:0}}");

  /** No "." where upstream's encoder always writes the struct: metadata, spec, strategy. */
  private static final JsonNode CREATED_FIELDS =
      json(
          "{'f:metadata':{'f:labels':{'.':{},'f:app':{}}},'f:spec':{'f:replicas':{},"
              + "'f:selector':{},'f:strategy':{'f:rollingUpdate':{'.':{},'f:maxSurge':{}},"
              + "'f:type':{}},'f:template':{'f:metadata':{'f:labels':{'.':{},'f:app':{}}},"
              + "'f:spec':{'f:containers':{'k:{\"name\":\"c\"}':{'.':{},'f:args':{},'f:image':{},"
              + "'f:name':{},'f:ports':{'.':{},'k:{\"containerPort\":80,\"protocol\":\"TCP\"}':"
              + "{'.':{},'f:containerPort':{},'f:protocol':{}}},'f:resources':{}}},"
              + "'f:nodeSelector':{}}}}}");

  @Test
  void whoCreatesAnObjectOwnsWhatItHas() {
    ObjectNode result = create(CREATED, ALICE);
    assertThat(result.at("/metadata/managedFields"))
        .isEqualTo(
            json(
                "[{apiVersion:'apps/v1',fieldsType:'FieldsV1',fieldsV1:"
                    + CREATED_FIELDS
                    + ",manager:'alice',operation:'Update',time:'2026-01-02T03:04:05Z'}]"));
    assertThat(ManagedFields.without(result)).isEqualTo(CREATED);
    assertThat(CREATED.at("/metadata").has("managedFields")).isFalse();
  }

  @Test
  void pathElementsAreInOrder() {
    assertThat(create(CREATED, ALICE).at("/metadata/managedFields/0/fieldsV1"))
        .hasToString(CREATED_FIELDS.toString());
  }

  @Test
  void whoChangesAFieldTakesItFromItsOwner() {
    ObjectNode live = create(CREATED, ALICE);
    ObjectNode updated = live.deepCopy();
    ((ObjectNode) updated.get("spec")).put("replicas", 3);
    ((ObjectNode) updated.at("/spec/template/spec/containers/0")).put("image", "j");
    ObjectNode result = update(live, updated, BOB);
    assertThat(owners(result)).isEqualTo("alice Update, bob Update");
    assertThat(entry(result, 1))
        .isEqualTo(
            json(
                "{apiVersion:'apps/v1',fieldsType:'FieldsV1',fieldsV1:{'f:spec':{'f:replicas':{},"
                    + "'f:template':{'f:spec':{'f:containers':{'k:{\"name\":\"c\"}':"
                    + "{'f:image':{}}}}}}},manager:'bob',operation:'Update',"
                    + "time:'2026-01-02T03:05:05Z'}"));
    assertThat(entry(result, 0).at("/fieldsV1/f:spec").has("f:replicas")).isFalse();
    assertThat(entry(result, 0).at("/fieldsV1/f:spec").has("f:selector")).isTrue();
    assertThat(entry(result, 0).at("/time")).isEqualTo(json("'2026-01-02T03:04:05Z'"));
  }

  @Test
  void whatIsGoneNobodyOwnsAndWhoOwnsNothingIsGone() {
    ObjectNode live = create(object("{metadata:{labels:{a:'1'}},spec:{replicas:1}}"), ALICE);
    ObjectNode relabelled = live.deepCopy();
    ((ObjectNode) relabelled.at("/metadata/labels")).put("b", "2");
    ObjectNode second = update(live, relabelled, BOB);
    assertThat(entry(second, 1).get("fieldsV1"))
        .isEqualTo(json("{'f:metadata':{'f:labels':{'f:b':{}}}}"));
    ObjectNode cleared = second.deepCopy();
    ((ObjectNode) cleared.get("metadata")).remove("labels");
    ObjectNode third = update(second, cleared, ALICE);
    assertThat(owners(third)).isEqualTo("alice Update");
    assertThat(entry(third, 0).get("fieldsV1")).isEqualTo(json("{'f:spec':{'f:replicas':{}}}"));
  }

  @Test
  void anUpdateWithoutEffectKeepsEntriesAndTimes() {
    ObjectNode live = create(CREATED, ALICE);
    ObjectNode same = live.deepCopy();
    ((ObjectNode) same.get("metadata")).put("resourceVersion", "7").put("generation", 2);
    for (ObjectNode updated : new ObjectNode[] {live.deepCopy(), same}) {
      for (FieldOwner owner : new FieldOwner[] {ALICE, BOB, STATUS}) {
        ObjectNode result = update(live, updated, owner);
        assertThat(result).isEqualTo(updated);
      }
    }
  }

  @Test
  void listItemsAreOwnedByKeyWhateverTheirOrder() {
    ObjectNode live =
        create(
            object("{spec:{template:{spec:{containers:[{name:'a',image:'1'},{name:'b'}]}}}}"),
            ALICE);
    ObjectNode swapped = live.deepCopy();
    ((ObjectNode) swapped.at("/spec/template/spec"))
        .set("containers", json("[{name:'b'},{name:'a',image:'1'}]"));
    assertThat(owners(update(live, swapped, BOB))).isEqualTo("alice Update");
    ((ObjectNode) swapped.at("/spec/template/spec"))
        .set("containers", json("[{name:'c'},{name:'a',image:'2'}]"));
    ObjectNode result = update(live, swapped, BOB);
    assertThat(entry(result, 0).get("fieldsV1"))
        .isEqualTo(
            json(
                "{'f:spec':{'f:template':{'f:spec':{'f:containers':"
                    + "{'k:{\"name\":\"a\"}':{'.':{},'f:name':{}}}}}}}"));
    assertThat(entry(result, 1).get("fieldsV1"))
        .isEqualTo(
            json(
                "{'f:spec':{'f:template':{'f:spec':{'f:containers':"
                    + "{'k:{\"name\":\"a\"}':{'f:image':{}},"
                    + "'k:{\"name\":\"c\"}':{'.':{},'f:name':{}}}}}}}"));
  }

  @Test
  void itemsOfASetAreOwnedByValue() {
    ObjectNode live = create(object("{metadata:{finalizers:['x','<y>']}}"), ALICE);
    assertThat(entry(live, 0).get("fieldsV1"))
        .isEqualTo(
            json(
                "{'f:metadata':{'f:finalizers':{'.':{},'v:\"\\\\u003cy\\\\u003e\"':{},"
                    + "'v:\"x\"':{}}}}"));
    ObjectNode updated = live.deepCopy();
    ((ObjectNode) updated.get("metadata")).set("finalizers", json("['z','x']"));
    ObjectNode result = update(live, updated, BOB);
    assertThat(entry(result, 0).get("fieldsV1"))
        .isEqualTo(json("{'f:metadata':{'f:finalizers':{'.':{},'v:\"x\"':{}}}}"));
    assertThat(entry(result, 1).get("fieldsV1"))
        .isEqualTo(json("{'f:metadata':{'f:finalizers':{'v:\"z\"':{}}}}"));
  }

  @Test
  void statusIsOwnedThroughItsSubresourceOnly() {
    ObjectNode live = create(CREATED, ALICE);
    ObjectNode updated = live.deepCopy();
    updated.set("status", json("{replicas:1,conditions:[{type:'Available',status:'True'}]}"));
    ObjectNode result = update(live, updated, STATUS);
    assertThat(entry(result, 1))
        .isEqualTo(
            json(
                "{apiVersion:'apps/v1',fieldsType:'FieldsV1',fieldsV1:{'f:status':{"
                    + "'f:conditions':{'.':{},'k:{\"type\":\"Available\"}':{'.':{},'f:status':{},"
                    + "'f:type':{}}},'f:replicas':{}}},manager:'controller',operation:'Update',"
                    + "subresource:'status',time:'2026-01-02T03:05:05Z'}"));
    ObjectNode byMain = result.deepCopy();
    byMain.set("status", json("{replicas:9}"));
    assertThat(update(result, byMain, BOB).at("/metadata/managedFields"))
        .isEqualTo(result.at("/metadata/managedFields"));
    Tracking custom = new Tracking(SCHEMA, Set.of());
    assertThat(owners(ManagedFields.afterUpdate(Optional.of(result), byMain, BOB, LATER, custom)))
        .isEqualTo("alice Update, bob Update");
  }

  @Test
  void aClientThatClearsManagedFieldsEndsTheTracking() {
    ObjectNode live = create(CREATED, ALICE);
    for (String cleared : new String[] {"[]", "[{}]", "[{manager:'',fieldsV1:null}]"}) {
      ObjectNode updated = live.deepCopy();
      ((ObjectNode) updated.get("metadata")).set("managedFields", json(cleared));
      ((ObjectNode) updated.get("spec")).put("replicas", 5);
      ObjectNode result = update(live, updated, BOB);
      assertThat(result.at("/metadata").has("managedFields")).isFalse();
      ObjectNode again = result.deepCopy();
      ((ObjectNode) again.get("spec")).put("replicas", 6);
      assertThat(update(result, again, BOB).at("/metadata").has("managedFields")).isFalse();
    }
  }

  @Test
  void aClientThatKnowsNoManagedFieldsDoesNotLoseThem() {
    ObjectNode live = create(CREATED, ALICE);
    ObjectNode updated = ManagedFields.without(live).deepCopy();
    ((ObjectNode) updated.get("spec")).put("replicas", 5);
    assertThat(owners(update(live, updated, BOB))).isEqualTo("alice Update, bob Update");
    ((ObjectNode) updated.get("metadata"))
        .set("managedFields", json("[{manager:'x',operation:'Spam'}]"));
    assertThat(owners(update(live, updated, BOB))).isEqualTo("alice Update, bob Update");
  }

  @Test
  void managedFieldsThatAClientSendsCount() {
    ObjectNode live = create(CREATED, ALICE);
    ObjectNode updated = live.deepCopy();
    ((ObjectNode) updated.get("metadata"))
        .set(
            "managedFields",
            json(
                "[{apiVersion:'apps/v1',fieldsType:'FieldsV1',fieldsV1:{'f:spec':{'f:template':"
                    + "{'f:spec':{'f:containers':{'k:{ \"name\" : \"c\"}':{'f:image':{}}}}}}},"
                    + "manager:'kubectl',operation:'Apply',time:'2025-01-01T00:00:00Z'}]"));
    ObjectNode result = update(live, updated, BOB);
    assertThat(entry(result, 0).at("/fieldsV1/f:spec/f:template/f:spec/f:containers"))
        .isEqualTo(json("{'k:{\"name\":\"c\"}':{'f:image':{}}}"));
    assertThat(owners(result)).isEqualTo("kubectl Apply");
    assertThat(owners(update(live, updated, STATUS))).isEqualTo("alice Update");
  }

  @Test
  void ofManyUpdatersTheOldestAreMerged() {
    ObjectNode live = create(object("{metadata:{labels:{a0:'x'}}}"), named(0));
    for (int i = 1; i < 13; i++) {
      ObjectNode updated = live.deepCopy();
      ((ObjectNode) updated.at("/metadata/labels")).put("a" + i, "x");
      live =
          ManagedFields.afterUpdate(
              Optional.of(live), updated, named(i), NOW.plusSeconds(i), SCHEMA);
      assertThat(live.at("/metadata/managedFields").size()).isEqualTo(Math.min(i + 1, 10));
    }
    assertThat(entry(live, 0))
        .isEqualTo(
            json(
                "{apiVersion:'apps/v1',fieldsType:'FieldsV1',fieldsV1:{'f:metadata':{'f:labels':"
                    + "{'.':{},'f:a0':{},'f:a1':{},'f:a2':{},'f:a3':{}}}},"
                    + "manager:'ancient-changes',operation:'Update',"
                    + "time:'2026-01-02T03:04:08Z'}"));
    assertThat(entry(live, 1).get("manager")).isEqualTo(json("'m4'"));
    assertThat(entry(live, 9).get("manager")).isEqualTo(json("'m12'"));
  }

  @Test
  void fieldsOfCustomKindsAreOwnedWithTheirParents() {
    Schema.Struct custom =
        Schemas.struct(
            "dev.example.Widget",
            Schema.Merge.GRANULAR,
            Schema.Unknown.KEPT,
            Schemas.field("spec", Schemas.struct("Spec", Schemas.field("size", Schemas.INTEGER))));
    ObjectNode result =
        ManagedFields.afterUpdate(
            Optional.empty(),
            object("{apiVersion:'x/v1',kind:'Widget',spec:{size:1},free:{list:[{a:1}],b:{}}}"),
            ALICE,
            NOW,
            new Tracking(custom, Set.of()));
    assertThat(entry(result, 0).get("fieldsV1"))
        .isEqualTo(json("{'f:free':{'.':{},'f:b':{},'f:list':{}},'f:spec':{'.':{},'f:size':{}}}"));
  }

  @Test
  void timesAreKeptWhenNothingElseChanged() {
    ObjectNode live = create(CREATED, ALICE);
    ObjectNode retimed = live.deepCopy();
    ((ObjectNode) entry(retimed, 0)).put("time", "2030-01-01T00:00:00Z");
    assertThat(ManagedFields.keepTimes(live, retimed)).isEqualTo(live);
    ((ObjectNode) retimed.get("spec")).put("replicas", 2);
    assertThat(ManagedFields.keepTimes(live, retimed)).isSameAs(retimed);
  }

  @Test
  void anUnnamedWriterIsUnknown() {
    assertThat(owners(create(object("{spec:{replicas:1}}"), FieldOwner.of("", "apps/v1"))))
        .isEqualTo("unknown Update");
  }

  @Test
  void depthIsBounded() {
    assertThatThrownBy(() -> create(nested(10_000), ALICE))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static FieldOwner named(int number) {
    return FieldOwner.of("m" + number, "apps/v1");
  }

  private static ObjectNode create(ObjectNode created, FieldOwner owner) {
    return ManagedFields.afterUpdate(Optional.empty(), created, owner, NOW, SCHEMA);
  }

  private static ObjectNode update(ObjectNode live, ObjectNode updated, FieldOwner owner) {
    return ManagedFields.afterUpdate(Optional.of(live), updated, owner, LATER, SCHEMA);
  }

  private static JsonNode entry(ObjectNode object, int index) {
    return object.at("/metadata/managedFields").get(index);
  }

  static String owners(ObjectNode object) {
    StringBuilder text = new StringBuilder();
    for (JsonNode entry : object.at("/metadata/managedFields")) {
      text.append(text.length() == 0 ? "" : ", ")
          .append(entry.get("manager").asText())
          .append(' ')
          .append(entry.get("operation").asText());
    }
    return text.toString();
  }
}
