package dev.ensemble.loadtest.scheduler;

import dev.ensemble.core.entity.Bid;
import dev.ensemble.core.scheduling.Book;
import dev.ensemble.core.scheduling.Placement;
import dev.ensemble.core.scheduling.PodRequest;
import dev.ensemble.core.scheduling.plugin.DefaultProfile;
import java.util.ArrayDeque;
import java.util.Deque;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * Decisions in memory: candidates are found for a pod, and it is taken to be on the best one. The
 * pod that was placed longest ago goes, so the market stays as full as it is.
 */
@State(Scope.Thread)
public class Decisions {
  /** As the scheduler's default {@code calls-max}. */
  private static final int CANDIDATES = 3;

  /** What the pods ask for. */
  @Param("PLAIN")
  public Scenario scenario;

  /** How many nodes there are. */
  @Param("5000")
  public int nodes;

  private final Placement placement = new Placement(DefaultProfile.create());
  private final Deque<Placed> placed = new ArrayDeque<>();
  private Book book;
  private PodRequest[] pods;
  private int next;
  private int start;

  private record Placed(PodRequest pod, String node) {}

  /** Fills the market. */
  @Setup(Level.Trial)
  public void fill() {
    book = Scenario.market(nodes);
    int standing = Math.min(scenario.placed(), 2 * nodes);
    pods = new PodRequest[standing + 1000];
    for (int i = 0; i < pods.length; i++) {
      pods[i] = scenario.pod(i);
    }
    while (placed.size() < standing) {
      place();
    }
  }

  /** One decision. */
  @Benchmark
  public String decide() {
    Placed oldest = placed.removeFirst();
    book.release(oldest.node(), oldest.pod().uid());
    return place();
  }

  private String place() {
    PodRequest pod = pods[next];
    next = (next + 1) % pods.length;
    Placement.Result result = placement.candidates(pod, book, start, CANDIDATES);
    start = (start + result.step()) % nodes;
    if (result.candidates().isEmpty()) {
      throw new IllegalStateException(result.diagnosis().message());
    }
    Bid best = result.candidates().get(0);
    book.assume(best.node(), pod);
    placed.addLast(new Placed(pod, best.node()));
    return best.node();
  }
}
