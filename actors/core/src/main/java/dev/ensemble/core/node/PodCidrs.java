package dev.ensemble.core.node;

import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/** Hands out ranges of pod addresses (IPv4) to nodes, the lowest free one first. */
public final class PodCidrs {
  private final long first;
  private final int prefixLength;
  private final int nodePrefixLength;

  /**
   * @param clusterCidr the range of all pods, such as {@code 10.42.0.0/16}
   * @param nodePrefixLength how large the part of one node is, such as 24
   * @throws IllegalArgumentException when it is no IPv4 range, or no part fits into it
   */
  public PodCidrs(String clusterCidr, int nodePrefixLength) {
    int slash = clusterCidr.indexOf('/');
    if (slash < 0) {
      throw new IllegalArgumentException("not a range of addresses: '" + clusterCidr + "'");
    }
    this.prefixLength = Integer.parseInt(clusterCidr.substring(slash + 1));
    if (prefixLength < 1 || prefixLength > nodePrefixLength || nodePrefixLength > 30) {
      throw new IllegalArgumentException(
          "no /" + nodePrefixLength + " fits into '" + clusterCidr + "'");
    }
    this.nodePrefixLength = nodePrefixLength;
    long mask = -1L << (32 - prefixLength);
    this.first = address(clusterCidr.substring(0, slash)) & mask & 0xffffffffL;
  }

  /** The lowest range that is not in {@code used}; empty when all are. */
  public Optional<String> next(Set<String> used) {
    Set<Long> taken = new HashSet<>();
    for (String cidr : used) {
      int slash = cidr.indexOf('/');
      if (slash > 0 && cidr.indexOf(':') < 0) {
        taken.add(address(cidr.substring(0, slash)));
      }
    }
    long count = 1L << (nodePrefixLength - prefixLength);
    long size = 1L << (32 - nodePrefixLength);
    for (long i = 0; i < count; i++) {
      long candidate = first + i * size;
      if (!taken.contains(candidate)) {
        return Optional.of(text(candidate) + "/" + nodePrefixLength);
      }
    }
    return Optional.empty();
  }

  /**
   * Whether another range has an address in common with that of all pods.
   *
   * @throws IllegalArgumentException when it is no IPv4 range
   */
  public boolean overlaps(String cidr) {
    int slash = cidr.indexOf('/');
    if (slash < 0) {
      throw new IllegalArgumentException("not a range of addresses: '" + cidr + "'");
    }
    long size = 1L << (32 - Integer.parseInt(cidr.substring(slash + 1)));
    long other = address(cidr.substring(0, slash)) & -size;
    return other < first + (1L << (32 - prefixLength)) && first < other + size;
  }

  private static long address(String text) {
    String[] parts = text.split("\\.", -1);
    if (parts.length != 4) {
      throw new IllegalArgumentException("not an IPv4 address: '" + text + "'");
    }
    long address = 0;
    for (String part : parts) {
      int octet = Integer.parseInt(part);
      if (octet < 0 || octet > 255) {
        throw new IllegalArgumentException("not an IPv4 address: '" + text + "'");
      }
      address = address << 8 | octet;
    }
    return address;
  }

  private static String text(long address) {
    return (address >> 24 & 255)
        + "."
        + (address >> 16 & 255)
        + "."
        + (address >> 8 & 255)
        + "."
        + (address & 255);
  }
}
