package dev.ensemble.actors.observe;

import akka.actor.typed.ActorSystem;
import akka.cluster.ClusterEvent;
import akka.cluster.Member;
import akka.cluster.MemberStatus;
import akka.cluster.typed.Cluster;
import kamon.Kamon;
import kamon.metric.Gauge;

/** The cluster's processes as this one sees them. */
public final class ClusterMetrics {
  private ClusterMetrics() {}

  public static void watch(ActorSystem<?> system) {
    Cluster cluster = Cluster.get(system);
    Gauge up = Kamon.gauge("ensemble_cluster_members_up").withoutTags();
    Gauge unreachable = Kamon.gauge("ensemble_cluster_members_unreachable").withoutTags();
    Sampling.of(system)
        .add(
            () -> {
              ClusterEvent.CurrentClusterState state = cluster.state();
              int members = 0;
              for (Member member : state.getMembers()) {
                members += member.status().equals(MemberStatus.up()) ? 1 : 0;
              }
              up.update(members);
              unreachable.update(state.getUnreachable().size());
            });
  }
}
