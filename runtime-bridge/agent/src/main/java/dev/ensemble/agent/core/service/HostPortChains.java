package dev.ensemble.agent.core.service;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The chains that CNI's portmap plugin makes in iptables' table {@code nat} for the first host port
 * and never removes.
 */
public final class HostPortChains {
  private static final Set<String> PORTMAP =
      Set.of("CNI-HOSTPORT-DNAT", "CNI-HOSTPORT-MASQ", "CNI-HOSTPORT-SETMARK");
  private static final Set<String> BUILT_IN =
      Set.of("PREROUTING", "INPUT", "OUTPUT", "POSTROUTING");

  /** One for each host port that is in use. */
  private static final String IN_USE = "CNI-DN-";

  private static final Pattern CHAIN = Pattern.compile("\\s*chain (\\S+) \\{.*");
  private static final Pattern RULE = Pattern.compile(".* # handle (\\d+)");
  private static final Pattern JUMP = Pattern.compile(".*\\b(?:jump|goto) (CNI-HOSTPORT-\\S+).*");

  private HostPortChains() {}

  /** What the table was before the node came. */
  public enum Before {
    /** Not there at all: it goes when nobody else has put anything into it. */
    NO_TABLE,
    /** There, without these chains. */
    NO_CHAINS,
    /** Somebody else's chains: they stay. */
    CHAINS;

    /** Of the output of {@code nft list table}, if there is a table. */
    public static Before of(Optional<String> listing) {
      return listing
          .map(text -> PORTMAP.stream().anyMatch(text::contains) ? CHAINS : NO_CHAINS)
          .orElse(NO_TABLE);
    }
  }

  /**
   * The input of {@code nft -f -} that removes what is left over; empty when there is nothing to
   * remove or a host port is still in use.
   *
   * @param listing the output of {@code nft -a list table FAMILY nat}
   */
  public static Optional<String> removal(String family, String listing, Before before) {
    Set<String> chains = new TreeSet<>();
    List<String> jumps = new ArrayList<>();
    boolean foreign = false;
    String chain = "";
    for (String line : (Iterable<String>) listing.lines()::iterator) {
      Matcher begin = CHAIN.matcher(line);
      Matcher rule = RULE.matcher(line);
      if (begin.matches()) {
        chain = begin.group(1);
        chains.add(chain);
      } else if (rule.matches() && !PORTMAP.contains(chain) && line.startsWith("\t\t")) {
        if (JUMP.matcher(line).matches()) {
          jumps.add("delete rule %s nat %s handle %s\n".formatted(family, chain, rule.group(1)));
        } else {
          foreign = true;
        }
      }
    }
    Set<String> others = new TreeSet<>(chains);
    others.removeAll(PORTMAP);
    others.removeAll(BUILT_IN);
    boolean inUse = others.stream().anyMatch(name -> name.startsWith(IN_USE));
    if (before == Before.CHAINS || inUse) {
      return Optional.empty();
    }
    if (before == Before.NO_TABLE && !foreign && others.isEmpty()) {
      return Optional.of("delete table %s nat\n".formatted(family));
    }
    chains.retainAll(PORTMAP);
    if (chains.isEmpty()) {
      return Optional.empty();
    }
    StringBuilder script = new StringBuilder();
    jumps.forEach(script::append);
    // They name each other: all are emptied before the first one goes.
    chains.forEach(name -> script.append("flush chain %s nat %s\n".formatted(family, name)));
    chains.forEach(name -> script.append("delete chain %s nat %s\n".formatted(family, name)));
    return Optional.of(script.toString());
  }
}
