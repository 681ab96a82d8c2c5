package dev.ensemble.http.admission;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;

/** An IPv4 range such as {@code 10.43.0.0/16}. Its first and last address are never given. */
record AddressRange(long first, long size) {
  static AddressRange parse(String cidr) {
    int slash = cidr.indexOf('/');
    OptionalLong base = slash < 0 ? OptionalLong.empty() : number(cidr.substring(0, slash));
    if (base.isEmpty()) {
      throw new IllegalArgumentException("not an IPv4 range: " + cidr);
    }
    int bits = Integer.parseInt(cidr.substring(slash + 1));
    if (bits < 8 || bits > 29) {
      throw new IllegalArgumentException("a service range has 8 to 29 bits, not " + bits);
    }
    long size = 1L << (32 - bits);
    return new AddressRange(base.getAsLong() & -size, size);
  }

  /** The first usable address: that of the API server's own Service. */
  String firstUsable() {
    return text(first + 1);
  }

  boolean contains(String address) {
    OptionalLong number = number(address);
    return number.isPresent()
        && number.getAsLong() > first
        && number.getAsLong() < first + size - 1;
  }

  /** A free address: a random one, or the next free one after it. */
  Optional<String> free(Predicate<String> taken, RandomGenerator random) {
    long usable = size - 2;
    long start = random.nextLong(usable);
    for (long i = 0; i < usable; i++) {
      String candidate = text(first + 1 + (start + i) % usable);
      if (!taken.test(candidate)) {
        return Optional.of(candidate);
      }
    }
    return Optional.empty();
  }

  @Override
  public String toString() {
    return text(first) + "/" + (32 - Long.numberOfTrailingZeros(size));
  }

  private static OptionalLong number(String address) {
    if (!address.matches("[0-9]{1,3}(\\.[0-9]{1,3}){3}")) {
      return OptionalLong.empty();
    }
    try {
      long number = 0;
      for (byte part : InetAddress.getByName(address).getAddress()) {
        number = number << 8 | (part & 0xff);
      }
      return OptionalLong.of(number);
    } catch (UnknownHostException e) {
      return OptionalLong.empty();
    }
  }

  private static String text(long number) {
    return (number >> 24 & 0xff)
        + "."
        + (number >> 16 & 0xff)
        + "."
        + (number >> 8 & 0xff)
        + "."
        + (number & 0xff);
  }
}
