package dev.ensemble.agent.pod;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ensemble.agent.observe.AgentMetrics;
import dev.ensemble.agent.runtime.ImageState;
import dev.ensemble.agent.runtime.PodRuntime.RegistryLogin;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

class ImagesTest {
  private static final RegistryLogin ANNA = new RegistryLogin("anna", "a", "");
  private static final RegistryLogin BERT = new RegistryLogin("bert", "b", "");

  private record Pull(
      String reference, Optional<RegistryLogin> login, CompletableFuture<String> end) {}

  private final List<Pull> begun = new ArrayList<>();
  private final Images images = new Images(this::pull, ImagesTest::find, 2, AgentMetrics.NONE);

  private CompletionStage<String> pull(String reference, Optional<RegistryLogin> login) {
    Pull pull = new Pull(reference, login, new CompletableFuture<>());
    begun.add(pull);
    return pull.end();
  }

  private static CompletionStage<Optional<ImageState>> find(String id) {
    return CompletableFuture.completedFuture(
        Optional.of(new ImageState(id, List.of(), List.of(), 1, OptionalLong.empty(), "", false)));
  }

  private List<String> references() {
    return begun.stream().map(Pull::reference).toList();
  }

  private static String idOf(CompletionStage<Images.Pulled> pulled) {
    return pulled.toCompletableFuture().join().image().id();
  }

  @Test
  void furtherPullsWaitInOrderForTheirTurn() {
    CompletionStage<Images.Pulled> one = images.pull("one", List.of());
    images.pull("two", List.of());
    CompletionStage<Images.Pulled> three = images.pull("three", List.of());
    images.pull("four", List.of());
    assertThat(references()).containsExactly("one", "two");
    begun.get(1).end().completeExceptionally(new IllegalStateException("no such image"));
    assertThat(references()).containsExactly("one", "two", "three");
    begun.get(0).end().complete("id-1");
    begun.get(2).end().complete("id-3");
    assertThat(references()).containsExactly("one", "two", "three", "four");
    assertThat(List.of(idOf(one), idOf(three))).containsExactly("id-1", "id-3");
  }

  @Test
  void anImageIsPulledOnceForAllThatLogInAlike() {
    CompletionStage<Images.Pulled> first = images.pull("app", List.of(ANNA));
    CompletionStage<Images.Pulled> second = images.pull("app", List.of(ANNA));
    images.pull("app", List.of(new RegistryLogin("anna", "guessed", "")));
    assertThat(references()).containsExactly("app", "app");
    begun.get(0).end().complete("id");
    assertThat(List.of(idOf(first), idOf(second))).containsExactly("id", "id");
    images.pull("app", List.of(ANNA));
    assertThat(references()).containsExactly("app", "app", "app");
  }

  @Test
  void loginsAreTriedUntilOneIsLetIn() {
    CompletionStage<Images.Pulled> pulled = images.pull("app", List.of(ANNA, BERT));
    begun.get(0).end().completeExceptionally(new IllegalStateException("unauthorized"));
    assertThat(begun.stream().map(Pull::login))
        .containsExactly(Optional.of(ANNA), Optional.of(BERT));
    begun.get(1).end().complete("id");
    assertThat(idOf(pulled)).isEqualTo("id");
  }
}
