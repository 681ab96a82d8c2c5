package dev.ensemble.http;

import ch.qos.logback.classic.LoggerContext;
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
                    endLog();
                    stopped.countDown();
                  },
                  "shutdown"));
      LOG.info("ready: {}", server.address());
      stopped.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      LOG.error("the control plane did not start", e);
      endLog();
      System.err.println("the control plane did not start: " + why(e));
      System.exit(1);
    }
  }

  /** The lines that wait to be written are. */
  private static void endLog() {
    if (LoggerFactory.getILoggerFactory() instanceof LoggerContext context) {
      context.stop();
    }
  }

  private static String why(Throwable failure) {
    StringBuilder text = new StringBuilder(String.valueOf(failure.getMessage()));
    for (Throwable cause = failure.getCause(); cause != null; cause = cause.getCause()) {
      if (cause.getMessage() != null && text.indexOf(cause.getMessage()) < 0) {
        text.append(": ").append(cause.getMessage());
      }
    }
    return text.toString();
  }

  /** What -Dconfig.file and system properties say, over the files of the config module. */
  static Config settings() {
    return ConfigFactory.load(
        ConfigFactory.defaultOverrides()
            .withFallback(ConfigFactory.defaultApplication())
            .withFallback(ConfigFactory.parseResources("ensemble.conf"))
            .withFallback(ConfigFactory.parseResources("api.conf"))
            .withFallback(ConfigFactory.parseResources("entities.conf"))
            .withFallback(ConfigFactory.parseResources("cluster.conf"))
            .withFallback(ConfigFactory.parseResources("akka.conf"))
            .withFallback(ConfigFactory.parseResources("kamon.conf")));
  }
}
