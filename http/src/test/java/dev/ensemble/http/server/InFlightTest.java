package dev.ensemble.http.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ensemble.http.server.ApiSettings.Places;
import dev.ensemble.http.status.Failures;
import dev.ensemble.http.status.StatusException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class InFlightTest {
  private static final Duration LONG = Duration.ofMinutes(1);
  private final List<String> served = new ArrayList<>();

  @Test
  void placesGoRoundTheUsersWhoWait() {
    InFlight inFlight = new InFlight(new Places(1, 100, LONG), Runnable::run);
    inFlight.enter("first");
    for (int i = 0; i < 3; i++) {
      enter(inFlight, "many", i);
    }
    enter(inFlight, "one", 0);
    enter(inFlight, "two", 0);
    for (int i = 0; i < 5; i++) {
      inFlight.leave();
    }
    assertThat(served).containsExactly("many 0", "one 0", "two 0", "many 1", "many 2");
    assertThat(inFlight.count()).isEqualTo(1);
    inFlight.leave();
    assertThat(inFlight.count()).isZero();
  }

  @Test
  void whenTooManyWaitTheNextIsRefused() throws Exception {
    InFlight inFlight = new InFlight(new Places(1, 1, LONG), Runnable::run);
    inFlight.enter("a");
    CompletionStage<Void> waits = inFlight.enter("a");
    assertThat(refusal(inFlight.enter("b")).code()).isEqualTo(429);
    inFlight.leave();
    assertThat(waits.toCompletableFuture()).isCompleted();
    assertThat(inFlight.enter("b").toCompletableFuture()).isNotDone();
  }

  @Test
  void whoWaitsTooLongIsRefusedAndLeavesItsPlaceInTheQueue() throws Exception {
    InFlight inFlight = new InFlight(new Places(1, 1, Duration.ofMillis(20)), Runnable::run);
    inFlight.enter("a");
    StatusException late = refusal(inFlight.enter("b"));
    assertThat(late.code()).isEqualTo(429);
    assertThat(late.status().path("details").path("retryAfterSeconds").asInt()).isEqualTo(1);
    assertThat(inFlight.waiting()).isZero();
    inFlight.leave();
    assertThat(inFlight.count()).isZero();
  }

  private void enter(InFlight inFlight, String user, int number) {
    inFlight.enter(user).thenRun(() -> served.add(user + " " + number));
  }

  private static StatusException refusal(CompletionStage<Void> entering) throws Exception {
    CompletableFuture<Void> future = entering.toCompletableFuture();
    try {
      future.get(10, TimeUnit.SECONDS);
      throw new AssertionError("not refused");
    } catch (ExecutionException e) {
      return Failures.of(e.getCause()).orElseThrow();
    }
  }
}
