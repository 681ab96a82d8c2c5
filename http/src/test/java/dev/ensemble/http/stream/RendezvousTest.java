package dev.ensemble.http.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ensemble.actors.node.NodeSessions;
import dev.ensemble.http.status.StatusException;
import dev.ensemble.protocol.FromAgent;
import dev.ensemble.protocol.StreamRequest;
import dev.ensemble.protocol.ToAgent;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

class RendezvousTest {
  private static final StreamRequest REQUEST = new StreamRequest.PortForward("u", 80);

  private final Agent agent = new Agent();
  private final Rendezvous one = new Rendezvous(agent, Duration.ofSeconds(30), 1);

  @Test
  void anOpenStreamTakesItsPlaceUntilBothEndsAreGone() {
    CompletionStage<AgentChannel> first = one.open("n", REQUEST);
    assertRefused();
    AgentChannel channel = new AgentChannel(null, null);
    CompletableFuture<Void> ended = new CompletableFuture<>();
    assertThat(one.deliver(one.take("n", agent.asked).orElseThrow(), channel, ended)).isTrue();
    assertThat(first.toCompletableFuture()).isCompletedWithValue(channel);
    assertRefused();
    ended.complete(null);
    assertThat(one.open("n", REQUEST).toCompletableFuture()).isNotDone();
  }

  @Test
  void aStreamThatTheAgentRefusesGivesItsPlaceBack() {
    CompletionStage<AgentChannel> first = one.open("n", REQUEST);
    one.refused("n", new FromAgent.StreamRefused(agent.asked, 400, "no"));
    assertThat(first.toCompletableFuture()).isCompletedExceptionally();
    assertThat(one.open("n", REQUEST).toCompletableFuture()).isNotDone();
  }

  @Test
  void aNodeThatIsNotThereTakesNoPlace() {
    agent.delivery = NodeSessions.Delivery.NOT_CONNECTED;
    assertThatThrownBy(() -> one.open("n", REQUEST)).hasMessageContaining("is not connected");
    agent.delivery = NodeSessions.Delivery.SENT;
    assertThat(one.open("n", REQUEST).toCompletableFuture()).isNotDone();
  }

  @Test
  void aChannelThatComesTooLateIsNotTaken() {
    Rendezvous hasty = new Rendezvous(agent, Duration.ZERO, 1);
    CompletionStage<AgentChannel> first = hasty.open("n", REQUEST);
    assertThatThrownBy(() -> first.toCompletableFuture().join())
        .hasMessageContaining("did not open the stream");
    assertThat(hasty.take("n", agent.asked)).isEmpty();
  }

  private void assertRefused() {
    assertThatThrownBy(() -> one.open("n", REQUEST))
        .isInstanceOfSatisfying(
            StatusException.class, failure -> assertThat(failure.code()).isEqualTo(429));
  }

  /** Remembers what it was asked for last. */
  private static final class Agent implements NodeSessions {
    private Delivery delivery = Delivery.SENT;
    private String asked;

    @Override
    public Session connect(String node, Outbound outbound) {
      throw new UnsupportedOperationException("not asked here");
    }

    @Override
    public Delivery send(String node, ToAgent message) {
      asked = ((ToAgent.OpenStream) message).streamId();
      return delivery;
    }
  }
}
