package dev.ensemble.http;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.util.concurrent.CountDownLatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The control plane's process: Cassandra, ledgers, entities, controllers, the scheduler and the
 * API. Ends by SIGTERM.
 */
public final class Main {
  private static final Logger LOG = LoggerFactory.getLogger(Main.class);

  private Main() {}

  public static void main(String[] args) {
    if (args.length > 0) {
      System.err.println("The control plane takes no arguments; settings come from -Dconfig.file.");
      System.exit(2);
    }
    CountDownLatch stopped = new CountDownLatch(1);
    try {
      Server server = Server.start(settings());
      Runtime.getRuntime()
          .addShutdownHook(
              new Thread(
                  () -> {
                    server.stop();
                    stopped.countDown();
                  },
                  "shutdown"));
      LOG.info("ready: {}", server.address());
      stopped.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      LOG.error("the control plane did not start", e);
      System.exit(1);
    }
  }

  /** What -Dconfig.file and system properties say, over the files of the config module. */
  static Config settings() {
    return ConfigFactory.load(
        ConfigFactory.defaultOverrides()
            .withFallback(ConfigFactory.defaultApplication())
            .withFallback(ConfigFactory.parseResources("ensemble.conf"))
            .withFallback(ConfigFactory.parseResources("api.conf"))
            .withFallback(ConfigFactory.parseResources("entities.conf"))
            .withFallback(ConfigFactory.parseResources("akka.conf"))
            .withFallback(ConfigFactory.parseResources("kamon.conf")));
  }
}
