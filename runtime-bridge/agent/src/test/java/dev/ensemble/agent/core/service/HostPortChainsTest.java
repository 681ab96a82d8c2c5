package dev.ensemble.agent.core.service;

import static dev.ensemble.agent.core.service.HostPortChains.Before.CHAINS;
import static dev.ensemble.agent.core.service.HostPortChains.Before.NO_CHAINS;
import static dev.ensemble.agent.core.service.HostPortChains.Before.NO_TABLE;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.Test;

class HostPortChainsTest {
  private static final String LEFT_OVER =
      """
      table ip nat { # handle 61
      \tchain PREROUTING { # handle 1
      \t\ttype nat hook prerouting priority dstnat; policy accept;
      \t\tfib daddr type local counter packets 0 bytes 0 jump CNI-HOSTPORT-DNAT # handle 8
      \t}
      \tchain CNI-HOSTPORT-SETMARK { # handle 5
      \t\tcounter packets 0 bytes 0 meta mark set mark or 0x2000 # handle 6
      \t}
      \tchain CNI-HOSTPORT-DNAT { # handle 7
      \t}
      %s}
      """;
  private static final String EMPTY = "table ip6 nat { # handle 1\n}\n";
  private static final String OURS = LEFT_OVER.formatted("");
  private static final String SHARED =
      LEFT_OVER.formatted(
          "\tchain OUTPUT { # handle 9\n\t\ttcp dport 81 redirect to :80 # handle 10\n\t}\n");
  private static final String IN_USE = LEFT_OVER.formatted("\tchain CNI-DN-0 { # handle 9\n\t}\n");

  @Test
  void aTableThatWasNotThereGoesWhole() {
    assertThat(HostPortChains.removal("ip", OURS, NO_TABLE)).contains("delete table ip nat\n");
    assertThat(HostPortChains.removal("ip6", EMPTY, NO_TABLE)).contains("delete table ip6 nat\n");
  }

  @Test
  void inATableOfOthersOnlyTheChainsAndWhatLeadsToThemGo() {
    String chainsOnly =
        """
        delete rule ip nat PREROUTING handle 8
        flush chain ip nat CNI-HOSTPORT-DNAT
        flush chain ip nat CNI-HOSTPORT-SETMARK
        delete chain ip nat CNI-HOSTPORT-DNAT
        delete chain ip nat CNI-HOSTPORT-SETMARK
        """;
    assertThat(HostPortChains.removal("ip", OURS, NO_CHAINS)).contains(chainsOnly);
    assertThat(HostPortChains.removal("ip", SHARED, NO_TABLE)).contains(chainsOnly);
  }

  @Test
  void chainsOfOthersOrInUseStay() {
    assertThat(HostPortChains.removal("ip", OURS, CHAINS)).isEmpty();
    assertThat(HostPortChains.removal("ip", IN_USE, NO_TABLE)).isEmpty();
    assertThat(HostPortChains.removal("ip6", EMPTY, NO_CHAINS)).isEmpty();
  }

  @Test
  void whatWasThereBeforeIsToldByTheListing() {
    assertThat(HostPortChains.Before.of(Optional.empty())).isEqualTo(NO_TABLE);
    assertThat(HostPortChains.Before.of(Optional.of("table ip nat {\n}\n"))).isEqualTo(NO_CHAINS);
    assertThat(HostPortChains.Before.of(Optional.of(OURS))).isEqualTo(CHAINS);
  }
}
