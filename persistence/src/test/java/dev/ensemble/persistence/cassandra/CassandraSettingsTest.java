package dev.ensemble.persistence.cassandra;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import dev.ensemble.persistence.seal.SealSettings;
import dev.ensemble.persistence.settings.SettingsException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CassandraSettingsTest {
  private static Config with(String overrides) {
    return ConfigFactory.parseString(overrides)
        .withFallback(ConfigFactory.parseResources("ensemble.conf"))
        .resolve();
  }

  @Test
  void theShippedSettingsAreAnEmbeddedNodeWithOneCopy() {
    CassandraSettings settings = CassandraSettings.from(with(""));
    assertThat(settings.mode()).isEqualTo(CassandraSettings.Mode.EMBEDDED);
    assertThat(settings.contactPoints())
        .containsExactly(InetSocketAddress.createUnresolved("127.0.0.1", 9042));
    assertThat(settings.replication()).isEqualTo(Map.of("dc1", 1));
    assertThat(SealSettings.from(with("")))
        .isEqualTo(new SealSettings(Path.of(".ensemble/master.keys"), 10_000));
  }

  @Test
  void anExternalClusterIsReachedAtItsContactPoints() {
    CassandraSettings settings =
        CassandraSettings.from(
            with(
                "ensemble.cassandra { mode = external, contact-points = [\"db-1:9042\"],"
                    + " credentials { username = ensemble, password-file = /run/secrets/db } }"));
    assertThat(settings.contactPoints())
        .isEqualTo(List.of(InetSocketAddress.createUnresolved("db-1", 9042)));
    assertThat(settings.credentials())
        .contains(new CassandraSettings.Credentials("ensemble", Path.of("/run/secrets/db")));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          request-timeot = 5s                 | unknown in ensemble.cassandra: request-timeot
          embedded.hep = 1GiB                 | unknown in ensemble.cassandra.embedded: hep
          request-timeout = soon              | ensemble.cassandra.request-timeout
          request-timeout = 0s                | ensemble.cassandra.request-timeout must be longer
          embedded.native-port = 70000        | ensemble.cassandra.embedded.native-port = 70000 is not between
          embedded.seeds = ["10.0.0.1"]       | ensemble.cassandra.embedded.writers must be many
          mode = both                         | ensemble.cassandra.mode = both is none of
          mode = external                     | ensemble.cassandra.contact-points is empty
          keyspace = "x; DROP"                | ensemble.cassandra.keyspace
          local-datacenter = dc9              | ensemble.cassandra.replication has no copies in
          replication.dc2 = 0                 | ensemble.cassandra.replication.dc2 = 0
          """)
  void aBadValueIsNamed(String override, String message) {
    assertThatThrownBy(
            () -> CassandraSettings.from(with("ensemble.cassandra { " + override + " }")))
        .isInstanceOf(SettingsException.class)
        .hasMessageContaining(message);
  }
}
