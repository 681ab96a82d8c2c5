package dev.ensemble.core.entity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ensemble.core.entity.Decision.Accepted;
import dev.ensemble.core.entity.ObjectCommand.Delete;
import dev.ensemble.core.entity.ObjectCommand.Propagation;
import dev.ensemble.core.object.ObjectKey;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class ObjectDeciderTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Instant NOW = Instant.parse("2026-11-23T10:00:00.250Z");
  private static final ObjectKey POD = ObjectKey.of("pods", "default", "web");
  private static final ObjectKey DEPLOYMENT = ObjectKey.of("deployments.apps", "default", "web");
  private static final ObjectKey NAMESPACE = ObjectKey.of("namespaces", "", "shop");

  private static final ObjectNode PENDING_POD =
      json(
          "{'metadata':{'name':'web','uid':'u1'},'spec':{'containers':[]},'status':{'phase':'Pending'}}");
  private static final ObjectNode RUNNING_POD =
      json(
          "{'metadata':{'name':'web','uid':'u1'},'spec':{'nodeName':'n1','terminationGracePeriodSeconds':30},'status':{'phase':'Running'}}");

  @Test
  void creatingWhatExistsIsAlreadyExists() {
    assertThat(decide(POD, PENDING_POD, new ObjectCommand.Create(PENDING_POD)))
        .isEqualTo(Decision.reject(new Rejection.AlreadyExists(POD)));
  }

  @Test
  void everyOtherCommandForNothingIsNotFound() {
    List<ObjectCommand> commands =
        List.of(
            new ObjectCommand.Replace(PENDING_POD, 1),
            Delete.now(),
            new ObjectCommand.Amend(Optional.empty(), json("{}")),
            new ObjectCommand.ReportStatus(Optional.empty(), json("{}")),
            new ObjectCommand.Scale(Optional.empty(), 1),
            new ObjectCommand.Bind(Optional.empty(), "n1", List.of()),
            new ObjectCommand.ConfirmRemoved("u1"));

    assertThat(commands)
        .allSatisfy(
            command ->
                assertThat(new ObjectDecider(POD).decide(ObjectDecider.absent(), 4, command, NOW))
                    .isEqualTo(Decision.reject(new Rejection.NotFound(POD))));
  }

  @Test
  void aReplaceOfAnOldVersionIsAConflict() {
    assertThat(
            new ObjectDecider(POD)
                .decide(stateOf(PENDING_POD), 7, new ObjectCommand.Replace(PENDING_POD, 6), NOW))
        .isEqualTo(Decision.reject(Rejection.Conflict.modified(POD)));
  }

  @Test
  void aReplaceIsAnEditWithTheSmallestPatch() {
    ObjectNode labelled = PENDING_POD.deepCopy();
    ((ObjectNode) labelled.path("metadata")).putObject("labels").put("app", "web");

    assertThat(decide(POD, PENDING_POD, new ObjectCommand.Replace(labelled, 1)))
        .isEqualTo(
            Decision.accept(new ObjectEvent.Edited(json("{'metadata':{'labels':{'app':'web'}}}"))));
  }

  @Test
  void aCommandForAnotherIncarnationIsAConflictThatNamesBothUids() {
    assertThat(
            decide(POD, PENDING_POD, new ObjectCommand.ReportStatus(Optional.of("u0"), json("{}"))))
        .isEqualTo(
            Decision.reject(
                new Rejection.Conflict(
                    POD, "Precondition failed: UID in precondition: u0, UID in object meta: u1")));
  }

  @Test
  void bindingAnAssignedPodIsAConflict() {
    assertThat(decide(POD, RUNNING_POD, new ObjectCommand.Bind(Optional.empty(), "n2", List.of())))
        .isEqualTo(
            Decision.reject(
                new Rejection.Conflict(POD, "pod web is already assigned to node \"n1\"")));
  }

  @Test
  void aBoundEventKeepsTheBidsAndSetsNodeAndCondition() {
    Bid bid = new Bid("n1", 90, Map.of("NodeResourcesFit", 90L), List.of());

    assertThat(
            decide(POD, PENDING_POD, new ObjectCommand.Bind(Optional.of("u1"), "n1", List.of(bid))))
        .isEqualTo(
            Decision.accept(
                new ObjectEvent.Bound(
                    "n1",
                    List.of(bid),
                    json(
                        "{'spec':{'nodeName':'n1'},'status':{'conditions':[{'type':'PodScheduled','status':'True',"
                            + "'lastTransitionTime':'2026-11-23T10:00:00Z'}]}}"))));
  }

  @Test
  void aPodThatWasNominatedIsNotAnyMoreWhenItHasItsNode() {
    ObjectNode nominated = PENDING_POD.deepCopy();
    nominated.withObjectProperty("status").put("nominatedNodeName", "n1");
    Decision.Accepted accepted =
        (Decision.Accepted)
            decide(POD, nominated, new ObjectCommand.Bind(Optional.of("u1"), "n1", List.of()));
    ObjectEvent.Bound bound = (ObjectEvent.Bound) accepted.events().get(0);
    assertThat(bound.patch().at("/status/nominatedNodeName").isNull()).isTrue();
  }

  @Test
  void anUnscheduledPodIsRemovedAtOnce() {
    assertThat(decide(POD, PENDING_POD, delete(OptionalLong.empty())))
        .isEqualTo(Decision.accept(new ObjectEvent.Removed("u1")));
  }

  @Test
  void aRunningPodGetsItsGracePeriod() {
    assertThat(decide(POD, RUNNING_POD, delete(OptionalLong.empty())))
        .hasToString(
            Decision.accept(
                    new ObjectEvent.Terminating(
                        json(
                            "{'metadata':{'deletionTimestamp':'2026-11-23T10:00:30Z','deletionGracePeriodSeconds':30}}")))
                .toString());
  }

  @Test
  void aSecondDeleteCanOnlyHastenTheEnd() {
    ObjectNode terminating = apply(RUNNING_POD, POD, delete(OptionalLong.of(30)));

    assertThat(decide(POD, terminating, delete(OptionalLong.of(60)))).isEqualTo(Decision.accept());
    assertThat(decide(POD, terminating, delete(OptionalLong.of(5))))
        .hasToString(
            Decision.accept(
                    new ObjectEvent.Terminating(
                        json(
                            "{'metadata':{'deletionTimestamp':'2026-11-23T10:00:05Z','deletionGracePeriodSeconds':5}}")))
                .toString());
    assertThat(decide(POD, terminating, delete(OptionalLong.of(0))))
        .isEqualTo(Decision.accept(new ObjectEvent.Removed("u1")));
  }

  @Test
  void finalizersHoldAnObjectUntilTheLastIsTakenAway() {
    ObjectNode held =
        json("{'metadata':{'name':'web','uid':'u2','finalizers':['example.com/wait']},'spec':{}}");
    ObjectNode terminating = apply(held, DEPLOYMENT, delete(OptionalLong.empty()));
    ObjectCommand release =
        new ObjectCommand.Amend(Optional.empty(), json("{'metadata':{'finalizers':null}}"));

    assertThat(terminating.path("metadata").path("deletionGracePeriodSeconds").asInt(-1)).isZero();
    assertThat(decide(DEPLOYMENT, terminating, release))
        .isEqualTo(
            Decision.accept(
                new ObjectEvent.Edited(json("{'metadata':{'finalizers':null}}")),
                new ObjectEvent.Removed("u2")));
  }

  @Test
  void foregroundDeletionAddsItsFinalizer() {
    ObjectNode object = json("{'metadata':{'name':'web','uid':'u2'},'spec':{}}");
    Delete foreground =
        new Delete(
            Optional.empty(), OptionalLong.empty(), OptionalLong.empty(), Propagation.FOREGROUND);

    assertThat(apply(object, DEPLOYMENT, foreground).path("metadata").path("finalizers"))
        .isEqualTo(JSON.createArrayNode().add("foregroundDeletion"));
  }

  @Test
  void aNamespaceTerminatesUntilItsSpecHasNoFinalizers() {
    ObjectNode namespace =
        json(
            "{'metadata':{'name':'shop','uid':'u3'},'spec':{'finalizers':['kubernetes']},'status':{'phase':'Active'}}");
    ObjectNode terminating = apply(namespace, NAMESPACE, delete(OptionalLong.empty()));
    ObjectCommand finalized =
        new ObjectCommand.Amend(Optional.empty(), json("{'spec':{'finalizers':null}}"));

    assertThat(terminating.path("status").path("phase").asText()).isEqualTo("Terminating");
    assertThat(((Accepted) decide(NAMESPACE, terminating, finalized)).events())
        .last()
        .isEqualTo(new ObjectEvent.Removed("u3"));
  }

  @Test
  void scalingRaisesTheGenerationAndTellsFromAndTo() {
    ObjectNode deployment =
        json("{'metadata':{'name':'web','uid':'u2','generation':4},'spec':{'replicas':3}}");

    assertThat(decide(DEPLOYMENT, deployment, new ObjectCommand.Scale(Optional.empty(), 5)))
        .hasToString(
            Decision.accept(
                    new ObjectEvent.Scaled(
                        3, 5, json("{'metadata':{'generation':5},'spec':{'replicas':5}}")))
                .toString());
    assertThat(decide(DEPLOYMENT, deployment, new ObjectCommand.Scale(Optional.empty(), 3)))
        .isEqualTo(Decision.accept());
  }

  @Test
  void aPodsReportIsNamedByWhatHappened() {
    Map<String, Class<? extends ObjectEvent>> facts =
        Map.of(
            "{'phase':'Running','conditions':[{'type':'Ready','status':'True'}]}",
                ObjectEvent.BecameReady.class,
            "{'phase':'Succeeded'}", ObjectEvent.Finished.class,
            "{'phase':'Running','podIP':'10.42.0.7'}", ObjectEvent.StatusReported.class);
    facts.forEach(
        (status, fact) ->
            assertThat(
                    ((Accepted)
                            decide(
                                POD,
                                RUNNING_POD,
                                new ObjectCommand.ReportStatus(Optional.empty(), json(status))))
                        .events())
                .singleElement()
                .isInstanceOf(fact));
    assertThat(
            ((Accepted)
                    decide(
                        POD,
                        PENDING_POD,
                        new ObjectCommand.ReportStatus(
                            Optional.empty(), json("{'phase':'Running'}"))))
                .events())
        .singleElement()
        .isInstanceOf(ObjectEvent.ContainersStarted.class);
  }

  @Test
  void aReportThatChangesNothingIsNoEvent() {
    assertThat(
            decide(
                POD,
                RUNNING_POD,
                new ObjectCommand.ReportStatus(Optional.empty(), json("{'phase':'Running'}"))))
        .isEqualTo(Decision.accept());
  }

  @Test
  void anEventThatCannotFollowIsACorruptJournal() {
    assertThatThrownBy(
            () -> ObjectDecider.evolve(ObjectDecider.absent(), new ObjectEvent.Removed("u1")))
        .isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(
            () -> ObjectDecider.evolve(stateOf(PENDING_POD), new ObjectEvent.Created(PENDING_POD)))
        .isInstanceOf(IllegalStateException.class);
  }

  private static Decision decide(ObjectKey key, ObjectNode object, ObjectCommand command) {
    return new ObjectDecider(key).decide(stateOf(object), 1, command, NOW);
  }

  private static ObjectNode apply(ObjectNode object, ObjectKey key, ObjectCommand command) {
    ObjectState state = stateOf(object);
    for (ObjectEvent event : ((Accepted) decide(key, object, command)).events()) {
      state = ObjectDecider.evolve(state, event);
    }
    return ObjectDecider.objectOf(state).orElseThrow();
  }

  private static ObjectState stateOf(ObjectNode object) {
    return ObjectDecider.stateOf(object);
  }

  private static Delete delete(OptionalLong graceSeconds) {
    return new Delete(Optional.empty(), OptionalLong.empty(), graceSeconds, Propagation.BACKGROUND);
  }

  private static ObjectNode json(String text) {
    try {
      return (ObjectNode) JSON.readTree(text.replace('\'', '"'));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
