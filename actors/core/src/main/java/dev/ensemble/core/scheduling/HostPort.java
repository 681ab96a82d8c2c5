package dev.ensemble.core.scheduling;

/** A port of the node itself that a container takes. */
public record HostPort(String ip, String protocol, int port) {
  private static final String ANY = "0.0.0.0";

  public HostPort {
    ip = ip.isEmpty() ? ANY : ip;
    protocol = protocol.isEmpty() ? "TCP" : protocol;
  }

  /** Two takers of one port and protocol disturb each other unless their addresses differ. */
  public boolean conflictsWith(HostPort other) {
    return port == other.port
        && protocol.equals(other.protocol)
        && (ip.equals(other.ip) || ip.equals(ANY) || other.ip.equals(ANY));
  }
}
