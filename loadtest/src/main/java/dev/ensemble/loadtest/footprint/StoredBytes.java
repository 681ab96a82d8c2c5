package dev.ensemble.loadtest.footprint;

import dev.ensemble.persistence.cassandra.CassandraSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import javax.management.JMException;
import javax.management.ObjectName;
import javax.management.remote.JMXConnector;
import javax.management.remote.JMXConnectorFactory;
import javax.management.remote.JMXServiceURL;

/** What a Cassandra node of our own has on disk, its commit log aside. */
final class StoredBytes {
  private StoredBytes() {}

  /** Writes out what is in memory first. */
  // The registry is that of a node which this process has started itself, on the loopback.
  @SuppressWarnings("BanJNDI")
  static long of(CassandraSettings settings) throws IOException, JMException {
    JMXServiceURL url =
        new JMXServiceURL(
            "service:jmx:rmi:///jndi/rmi://127.0.0.1:" + settings.embedded().jmxPort() + "/jmxrmi");
    try (JMXConnector connector = JMXConnectorFactory.connect(url)) {
      connector
          .getMBeanServerConnection()
          .invoke(
              new ObjectName("org.apache.cassandra.db:type=StorageService"),
              "forceKeyspaceFlush",
              new Object[] {settings.keyspace(), new String[0]},
              new String[] {String.class.getName(), String[].class.getName()});
    }
    try (Stream<Path> files = Files.walk(settings.embedded().folder().resolve("data"))) {
      long bytes = 0;
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        bytes += Files.size(file);
      }
      return bytes;
    }
  }
}
