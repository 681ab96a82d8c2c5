package dev.ensemble.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import dev.ensemble.actors.controller.ControllerSettings;
import dev.ensemble.actors.node.SessionSettings;
import dev.ensemble.actors.scheduler.SchedulerSettings;
import dev.ensemble.persistence.settings.SettingsException;
import org.junit.jupiter.api.Test;

class ClusterSettingsTest {
  private static final String SERVICES = "10.43.0.0/16";
  private final Config config = ConfigFactory.parseResources("cluster.conf");

  private Config with(String settings) {
    return ConfigFactory.parseString(settings).withFallback(config);
  }

  @Test
  void theFilesValuesAreThoseThatTheRulesAreTestedWith() {
    assertThat(SessionSettings.from(config, SERVICES)).isEqualTo(SessionSettings.standard());
    assertThat(ControllerSettings.from(config)).isEqualTo(ControllerSettings.DEFAULTS);
    assertThat(SchedulerSettings.from(config)).isEqualTo(SchedulerSettings.standard());
  }

  @Test
  void podsAndServicesMustNotShareAddresses() {
    assertThatThrownBy(
            () ->
                SessionSettings.from(
                    with("ensemble.nodes.pod-cidr = \"10.40.0.0/14\""), "10.43.0.0/16"))
        .isInstanceOf(SettingsException.class)
        .hasMessageContaining("pod-cidr = 10.40.0.0/14 overlaps with ensemble.api.service-cidr");
  }

  @Test
  void aRangeThatIsNoneOrTooSmallIsNamed() {
    for (String wrong : new String[] {"10.42.0.0", "10.42.0/16", "10.42.0.0/28", "a/16"}) {
      assertThatThrownBy(
              () ->
                  SessionSettings.from(
                      with("ensemble.nodes.pod-cidr = \"" + wrong + "\""), SERVICES))
          .isInstanceOf(SettingsException.class)
          .hasMessageContaining("ensemble.nodes.pod-cidr");
    }
  }

  @Test
  void anUnknownKeyIsAnError() {
    assertThatThrownBy(() -> SchedulerSettings.from(with("ensemble.scheduler.bids = 3")))
        .isInstanceOf(SettingsException.class)
        .hasMessageContaining("bids");
  }
}
