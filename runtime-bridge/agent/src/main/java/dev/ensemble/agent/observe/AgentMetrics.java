package dev.ensemble.agent.observe;

import java.time.Duration;

/** Takes the agent's measurements. Called on any thread; never blocks and never fails. */
public interface AgentMetrics {
  AgentMetrics NONE =
      new AgentMetrics() {
        @Override
        public void called(String operation, String outcome, Duration took) {}

        @Override
        public void pulled(Outcome outcome, Duration took) {}

        @Override
        public void podStarted(Duration took) {}

        @Override
        public void probed(String kind, Outcome outcome, Duration took) {}

        @Override
        public void tokenRequested(Outcome outcome) {}

        @Override
        public void imageRemoved() {}
      };

  /**
   * A call of the runtime ended.
   *
   * @param operation in the kubelet's words, such as run_podsandbox
   * @param outcome ok, or gRPC's code in small letters
   */
  void called(String operation, String outcome, Duration took);

  /** A pull ended; the time includes the wait for its turn. */
  void pulled(Outcome outcome, Duration took);

  /** A new pod runs; the time is since the node heard of it. */
  void podStarted(Duration took);

  /**
   * @param kind Startup, Liveness or Readiness
   */
  void probed(String kind, Outcome outcome, Duration took);

  void tokenRequested(Outcome outcome);

  /** An image was removed because the disk is full. */
  void imageRemoved();

  enum Outcome {
    SUCCESSFUL("successful"),
    FAILED("failed");

    private final String word;

    Outcome(String word) {
      this.word = word;
    }

    public String word() {
      return word;
    }
  }
}
