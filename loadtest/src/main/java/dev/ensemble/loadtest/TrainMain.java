package dev.ensemble.loadtest;

import dev.ensemble.loadtest.bench.ClosedOnSignal;
import dev.ensemble.loadtest.train.Training;
import java.nio.file.Path;

/** Makes the record of a training run: {@code TrainMain FILE}. Called by the launcher. */
public final class TrainMain {
  private TrainMain() {}

  public static void main(String[] args) throws Exception {
    if (args.length != 1) {
      System.err.println("The only argument is the file for the record.");
      System.exit(2);
    }
    ClosedOnSignal.call(
        () -> {
          Training.run(Path.of(args[0]));
          return null;
        });
    System.exit(0);
  }
}
