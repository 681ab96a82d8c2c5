package dev.ensemble.core.validation;

import java.util.Collection;
import java.util.Optional;

/** IP addresses and ranges, judged by their text alone: nothing is ever resolved. */
final class Addresses {
  static final String IP_FAULT = "must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)";
  static final String CIDR_FAULT =
      "must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)";
  private static final int GROUPS = 8;

  private Addresses() {}

  enum Family {
    IPV4("IPv4", 32),
    IPV6("IPv6", 128);

    private final String word;
    private final int bits;

    Family(String word, int bits) {
      this.word = word;
      this.bits = bits;
    }

    /** As in {@code spec.ipFamilies}. */
    String word() {
      return word;
    }
  }

  static Optional<Family> family(String address) {
    if (isIpv4(address)) {
      return Optional.of(Family.IPV4);
    }
    return isIpv6(address) ? Optional.of(Family.IPV6) : Optional.empty();
  }

  static Optional<Family> rangeFamily(String range) {
    int slash = range.indexOf('/');
    if (slash < 0) {
      return Optional.empty();
    }
    int bits = number(range.substring(slash + 1));
    return family(range.substring(0, slash)).filter(f -> bits >= 0 && bits <= f.bits);
  }

  static void ip(FieldPath path, String address, FieldErrors errors) {
    if (family(address).isEmpty()) {
      errors.invalid(path, address, IP_FAULT);
    }
  }

  static void range(FieldPath path, String range, FieldErrors errors) {
    if (rangeFamily(range).isEmpty()) {
      errors.invalid(path, range, CIDR_FAULT);
    }
  }

  /** Whether there are both families among the addresses. */
  static boolean dual(Collection<String> addresses) {
    boolean four = false;
    boolean six = false;
    for (String address : addresses) {
      four |= isIpv4(address);
      six |= isIpv6(address);
    }
    return four && six;
  }

  /** Addresses that no endpoint or external address may have, with the reason. */
  static void usable(FieldPath path, String address, FieldErrors errors) {
    if (address.equals("0.0.0.0") || address.equals("::")) {
      errors.invalid(path, address, "may not be unspecified (" + address + ")");
    }
    if (address.startsWith("127.") || address.equals("::1")) {
      errors.invalid(path, address, "may not be in the loopback range (127.0.0.0/8, ::1/128)");
    }
    if (address.startsWith("169.254.") || isLinkLocal6(address)) {
      errors.invalid(
          path, address, "may not be in the link-local range (169.254.0.0/16, fe80::/10)");
    }
    if (address.startsWith("224.0.0.")) {
      errors.invalid(
          path, address, "may not be in the link-local multicast range (224.0.0.0/24, ff02::/10)");
    }
  }

  private static boolean isLinkLocal6(String address) {
    return address.length() > 4
        && address.regionMatches(true, 0, "fe", 0, 2)
        && "89abAB".indexOf(address.charAt(2)) >= 0
        && address.indexOf(':') == 4;
  }

  static boolean isIpv4(String text) {
    int start = 0;
    for (int part = 0; part < 4; part++) {
      int dot = text.indexOf('.', start);
      int end = part < 3 ? dot : text.length();
      if (end < 0 || (part == 3 && dot >= 0)) {
        return false;
      }
      String digits = text.substring(start, end);
      int value = number(digits);
      boolean leadingZero = digits.length() > 1 && digits.charAt(0) == '0';
      if (value < 0 || value > 255 || leadingZero) {
        return false;
      }
      start = end + 1;
    }
    return true;
  }

  static boolean isIpv6(String text) {
    if (text.indexOf(':') < 0 || text.indexOf(":::") >= 0) {
      return false;
    }
    int gap = text.indexOf("::");
    if (gap >= 0 && text.indexOf("::", gap + 1) >= 0) {
      return false;
    }
    if (gap < 0) {
      return groups(text) == GROUPS;
    }
    int before = groups(text.substring(0, gap));
    int after = groups(text.substring(gap + 2));
    return before >= 0 && after >= 0 && before + after < GROUPS;
  }

  /** How many 16-bit groups, -1 if a group is malformed. */
  private static int groups(String text) {
    if (text.isEmpty()) {
      return 0;
    }
    int count = 0;
    int start = 0;
    while (true) {
      int colon = text.indexOf(':', start);
      String group = text.substring(start, colon < 0 ? text.length() : colon);
      if (colon < 0 && group.indexOf('.') >= 0) {
        return isIpv4(group) ? count + 2 : -1;
      }
      if (group.isEmpty() || group.length() > 4 || !isHex(group)) {
        return -1;
      }
      count++;
      if (colon < 0) {
        return count;
      }
      start = colon + 1;
    }
  }

  private static boolean isHex(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (Character.digit(text.charAt(i), 16) < 0 || text.charAt(i) > 'f') {
        return false;
      }
    }
    return true;
  }

  private static int number(String digits) {
    if (digits.isEmpty() || digits.length() > 3) {
      return -1;
    }
    int value = 0;
    for (int i = 0; i < digits.length(); i++) {
      if (!Names.isDigit(digits.charAt(i))) {
        return -1;
      }
      value = value * 10 + (digits.charAt(i) - '0');
    }
    return value;
  }
}
