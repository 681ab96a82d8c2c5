package dev.ensemble.loadtest.scheduler;

import dev.ensemble.core.scheduling.Book;
import dev.ensemble.core.scheduling.Placement;
import dev.ensemble.core.scheduling.PodRequest;
import dev.ensemble.core.scheduling.Preemption;
import dev.ensemble.core.scheduling.plugin.DefaultProfile;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * Decisions in memory on nodes that pods of low priority fill: no node will do for a pod of high
 * priority, so victims are sought and go. A hundred such pods are there at a time; then the one
 * that was placed longest ago gives its room back to its victims.
 */
@State(Scope.Thread)
public class Preemptions {
  private static final int LOW_PER_NODE = 4;
  private static final int PLACED = 100;

  /** How many nodes there are. */
  @Param("2000")
  public int nodes;

  private final Placement placement = new Placement(DefaultProfile.create());
  private final Preemption preemption = new Preemption(placement);
  private final Deque<Placed> placed = new ArrayDeque<>();
  private final PodRequest[] pods = new PodRequest[2 * PLACED];
  private Book book;
  private int next;
  private int start;

  private record Placed(PodRequest pod, Preemption.Plan plan) {}

  /** Fills the market. */
  @Setup(Level.Trial)
  public void fill() {
    book = Scenario.market(nodes);
    for (int i = 0; i < nodes * LOW_PER_NODE; i++) {
      book.assume("node-" + i % nodes, Scenario.LOW.pod(i));
    }
    for (int i = 0; i < pods.length; i++) {
      pods[i] = Scenario.HIGH.pod(nodes * LOW_PER_NODE + i);
    }
  }

  /** One decision. */
  @Benchmark
  public String decide() {
    if (placed.size() == PLACED) {
      Placed oldest = placed.removeFirst();
      book.release(oldest.plan().node(), oldest.pod().uid());
      oldest.plan().victims().forEach(victim -> book.assume(oldest.plan().node(), victim));
    }
    PodRequest pod = pods[next];
    next = (next + 1) % pods.length;
    Placement.Result result = placement.candidates(pod, book, start, 3);
    if (!result.candidates().isEmpty()) {
      throw new IllegalStateException("a node will do as it is");
    }
    List<String> curable = result.diagnosis().nodesToPreempt(pod.priority());
    Preemption.Plan plan =
        preemption.plan(pod, book, curable, start, List.of()).plan().orElseThrow();
    start = (start + PLACED) % nodes;
    plan.victims().forEach(victim -> book.release(plan.node(), victim.uid()));
    book.assume(plan.node(), pod);
    placed.addLast(new Placed(pod, plan));
    return plan.node();
  }
}
