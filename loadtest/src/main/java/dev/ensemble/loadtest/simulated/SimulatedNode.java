package dev.ensemble.loadtest.simulated;

/** One node of a fleet. */
interface SimulatedNode {
  /** Begins to serve; goes on through lost connections until it is stopped. */
  void start();

  /** Stops without a word, as a machine that loses its power. */
  void stop();
}
