package dev.ensemble.actors.observe;

import akka.actor.AbstractExtensionId;
import akka.actor.ClassicActorSystemProvider;
import akka.actor.ExtendedActorSystem;
import akka.actor.Extension;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads levels at intervals, as long as the actor system lives. */
public final class Sampling extends AbstractExtensionId<Sampling.Samples> {
  /** Shorter than the interval at which metrics are gathered, so that each has a fresh sample. */
  static final Duration INTERVAL = Duration.ofSeconds(5);

  private static final Logger LOG = LoggerFactory.getLogger(Sampling.class);
  private static final Sampling ID = new Sampling();

  private Sampling() {}

  @Override
  public Samples createExtension(ExtendedActorSystem system) {
    Samples samples = new Samples();
    samples.add(MailboxMetrics::sampleAll);
    samples.add(MeasuredThreads::sampleAll);
    system
        .scheduler()
        .scheduleWithFixedDelay(INTERVAL, INTERVAL, samples::takeAll, system.dispatcher());
    return samples;
  }

  public static Samples of(ClassicActorSystemProvider system) {
    return ID.get(system);
  }

  /** What is sampled in one actor system. */
  public static final class Samples implements Extension {
    private final List<Runnable> all = new CopyOnWriteArrayList<>();

    /**
     * Calls {@code sample} now and at each interval, on any thread. It must be fast and not block.
     */
    public void add(Runnable sample) {
      sample.run();
      all.add(sample);
    }

    private void takeAll() {
      for (Runnable sample : all) {
        try {
          sample.run();
        } catch (RuntimeException e) {
          LOG.warn("a sample could not be taken", e);
        }
      }
    }
  }
}
