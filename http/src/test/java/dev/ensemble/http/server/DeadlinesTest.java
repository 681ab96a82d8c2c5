package dev.ensemble.http.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class DeadlinesTest {
  private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - 5);
  private final Deadlines deadlines = new Deadlines(Duration.ofSeconds(60), now::get);

  @Test
  void onlyWhatIsLateIsEndedAndNothingIsKeptOfWhatIsDone() {
    CompletableFuture<String> late = bound(new CompletableFuture<>());
    CompletableFuture<String> work = new CompletableFuture<>();
    CompletableFuture<String> answered = bound(work);
    now.addAndGet(Duration.ofSeconds(59).toNanos());
    CompletableFuture<String> young = bound(new CompletableFuture<>());
    deadlines.look();
    assertThat(late).isNotDone();

    work.complete("here");
    now.addAndGet(Duration.ofSeconds(1).toNanos());
    deadlines.look();

    assertThat(answered).isCompletedWithValue("here");
    assertThatThrownBy(late::get).hasCauseInstanceOf(TimeoutException.class);
    assertThat(young).isNotDone();
    assertThat(deadlines.count()).isEqualTo(1);
  }

  @Test
  void aFailureIsHandedOn() {
    CompletableFuture<String> work = new CompletableFuture<>();
    CompletableFuture<String> bounded = bound(work);

    work.completeExceptionally(new IllegalStateException("broken"));

    assertThatThrownBy(bounded::get).hasCauseInstanceOf(IllegalStateException.class);
    assertThat(deadlines.count()).isZero();
  }

  private CompletableFuture<String> bound(CompletableFuture<String> work) {
    return deadlines.bound(work).toCompletableFuture();
  }
}
