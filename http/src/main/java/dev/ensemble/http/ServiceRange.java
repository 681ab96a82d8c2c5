package dev.ensemble.http;

import java.net.InetAddress;
import java.net.UnknownHostException;

/** The range of cluster IPs. */
final class ServiceRange {
  private ServiceRange() {}

  /** The first usable address of an IPv4 range, which the Service {@code kubernetes} has. */
  static String first(String cidr) {
    try {
      byte[] address = InetAddress.getByName(cidr.substring(0, cidr.indexOf('/'))).getAddress();
      address[3]++;
      return InetAddress.getByAddress(address).getHostAddress();
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException("not a range: " + cidr, e);
    }
  }
}
