package dev.ensemble.actors.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ensemble.actors.market.MarketObjects;
import dev.ensemble.protocol.FromAgent;
import dev.ensemble.protocol.ToAgent;
import org.junit.jupiter.api.Test;

/** The ConfigMaps and Secrets that an agent is told of. */
class FollowedObjectsTest extends SessionFixture {
  @Test
  void onlyWhatAPodOnTheNodeNamesCanBeSeen() {
    store.put("secrets", MarketObjects.json("{metadata: {namespace: 'default', name: 'named'}}"));
    store.put("secrets", MarketObjects.json("{metadata: {namespace: 'default', name: 'hidden'}}"));
    putBound("p", "n1", ", volumes: [{name: 'v', secret: {secretName: 'named'}}]");
    Agent agent = new Agent();
    NodeSessions.Session session = greet(agent, "n1");
    session.received(new FromAgent.Want("secrets", "default", "hidden"));
    session.received(new FromAgent.Want("secrets", "default", "named"));
    await().until(() -> !agent.all(ToAgent.ObjectChanged.class).isEmpty());
    assertThat(agent.all(ToAgent.ObjectChanged.class).get(0).name()).isEqualTo("named");
    assertThat(agent.all(ToAgent.ObjectChanged.class).get(0).object()).isPresent();
    store.put(
        "secrets",
        MarketObjects.json("{metadata: {namespace: 'default', name: 'named'}, type: 'x'}"));
    await().until(() -> agent.all(ToAgent.ObjectChanged.class).size() == 2);
    store.delete("pods", "default", "p");
    await().until(() -> !agent.all(ToAgent.PodForgotten.class).isEmpty());
    store.delete("secrets", "default", "named");
    putBound("q", "n1", "");
    await().until(() -> agent.all(ToAgent.PodDesired.class).size() == 2);
    assertThat(agent.all(ToAgent.ObjectChanged.class))
        .extracting(ToAgent.ObjectChanged::name)
        .containsExactly("named", "named");
  }

  @Test
  void whatTheAgentAskedForOnceIsToldAgainWhenAnotherPodNamesIt() {
    store.put("secrets", MarketObjects.json("{metadata: {namespace: 'default', name: 'named'}}"));
    String naming = ", volumes: [{name: 'v', secret: {secretName: 'named'}}]";
    putBound("p", "n1", naming);
    Agent agent = new Agent();
    NodeSessions.Session session = greet(agent, "n1");
    session.received(new FromAgent.Want("secrets", "default", "named"));
    await().until(() -> agent.all(ToAgent.ObjectChanged.class).size() == 1);
    store.delete("pods", "default", "p");
    await().until(() -> !agent.all(ToAgent.PodForgotten.class).isEmpty());
    putBound("q", "n1", naming);
    await().until(() -> agent.all(ToAgent.ObjectChanged.class).size() == 2);
    assertThat(agent.all(ToAgent.ObjectChanged.class).get(1).object()).isPresent();
  }

  @Test
  void whatWasAskedForTooEarlyIsToldWhenAPodNamesIt() {
    store.put("secrets", MarketObjects.json("{metadata: {namespace: 'default', name: 'named'}}"));
    Agent agent = new Agent();
    NodeSessions.Session session = greet(agent, "n1");
    session.received(new FromAgent.Want("secrets", "default", "named"));
    putBound("p", "n1", ", volumes: [{name: 'v', secret: {secretName: 'named'}}]");
    await().until(() -> agent.all(ToAgent.ObjectChanged.class).size() == 1);
    assertThat(agent.all(ToAgent.ObjectChanged.class).get(0).object()).isPresent();
    session.received(new FromAgent.Unwant("secrets", "default", "named"));
    putBound("q", "n1", ", volumes: [{name: 'v', secret: {secretName: 'named'}}]");
    await().until(() -> agent.all(ToAgent.PodDesired.class).size() == 2);
    assertThat(agent.all(ToAgent.ObjectChanged.class)).hasSize(1);
  }

  @Test
  void whatAReturningAgentAsksForAtOnceIsAnsweredWhenItsPodsAreKnown() {
    store.put("secrets", MarketObjects.json("{metadata: {namespace: 'default', name: 'named'}}"));
    putBound("p", "n1", ", volumes: [{name: 'v', secret: {secretName: 'named'}}]");
    Agent agent = new Agent();
    NodeSessions.Session session = sessions.connect("n1", agent);
    session.received(hello());
    session.received(new FromAgent.Want("secrets", "default", "named"));
    session.received(new FromAgent.Want("secrets", "default", "hidden"));
    await().until(() -> !agent.all(ToAgent.ObjectChanged.class).isEmpty());
    putBound("q", "n1", "");
    await().until(() -> agent.all(ToAgent.PodDesired.class).size() == 2);
    assertThat(agent.all(ToAgent.ObjectChanged.class))
        .extracting(ToAgent.ObjectChanged::name)
        .containsExactly("named");
  }
}
