package dev.ensemble.actors.observe;

import akka.actor.ActorRef;
import akka.actor.ActorSystem;
import akka.actor.typed.MailboxSelector;
import akka.actor.typed.Props;
import akka.dispatch.MailboxType;
import akka.dispatch.MessageQueue;
import akka.dispatch.ProducesMessageQueue;
import com.typesafe.config.Config;
import scala.Option;

/**
 * Unbounded mailboxes that are measured, of single actors by name or of groups. The section of the
 * configuration that {@link #named} or {@link #grouped} choose says which; without it, as in tests
 * that know no configuration of ours, the default mailbox is taken.
 */
public final class MeasuredMailbox implements MailboxType, ProducesMessageQueue<MeasuredQueue> {
  private static final String SECTIONS = "ensemble.mailboxes.";

  private final String group;

  /** Called by Akka. */
  public MeasuredMailbox(ActorSystem.Settings settings, Config config) {
    this.group = config.getString("group");
  }

  /** For an actor of which there is one for ever: its name is the label. */
  public static Props named(akka.actor.typed.ActorSystem<?> system) {
    return grouped(system, "named");
  }

  /** For actors that are measured together under the name of their group. */
  public static Props grouped(akka.actor.typed.ActorSystem<?> system, String group) {
    String section = SECTIONS + group;
    return system.settings().config().hasPath(section)
        ? MailboxSelector.fromConfig(section)
        : Props.empty();
  }

  @Override
  public MessageQueue create(Option<ActorRef> owner, Option<ActorSystem> system) {
    String label = group.isEmpty() && owner.isDefined() ? owner.get().path().name() : group;
    return new MeasuredQueue(MailboxMetrics.of(label));
  }
}
