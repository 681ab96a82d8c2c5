package dev.ensemble.core.validation;

import java.util.ArrayList;
import java.util.List;

/** Forms of label keys and values, of keys of configuration, of ports' and variables' names. */
final class Keys {
  private static final int NAME_LENGTH_MAX = 63;
  private static final int PREFIX_LENGTH_MAX = 253;
  private static final int CONFIG_KEY_LENGTH_MAX = 253;
  private static final int PORT_NAME_LENGTH_MAX = 15;
  private static final String NAME_PATTERN = "([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]";

  private Keys() {}

  /** {@code name} or {@code dns.prefix/name}: keys of labels, annotations, taints, resources. */
  static List<String> qualifiedName(String key) {
    int slash = key.indexOf('/');
    boolean oneSlash = slash < 0 || key.indexOf('/', slash + 1) < 0;
    String name = key.substring(slash + 1);
    boolean prefixFits =
        slash < 0
            || (slash > 0
                && slash <= PREFIX_LENGTH_MAX
                && Names.isSubdomain(key.substring(0, slash)));
    if (oneSlash && prefixFits && name.length() <= NAME_LENGTH_MAX && isNamePart(name)) {
      return List.of();
    }
    return qualifiedNameFaults(key, slash, oneSlash, name);
  }

  private static List<String> qualifiedNameFaults(
      String key, int slash, boolean oneSlash, String name) {
    String form =
        "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an"
            + " alphanumeric character "
            + Names.example("'MyName',  or 'my.name',  or '123-abc'", NAME_PATTERN);
    if (!oneSlash) {
      return List.of(
          "a qualified name "
              + form
              + " with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')");
    }
    List<String> faults = new ArrayList<>();
    if (slash == 0) {
      faults.add("prefix part must be non-empty");
    } else if (slash > 0) {
      for (String fault : Names.dns1123Subdomain(key.substring(0, slash))) {
        faults.add("prefix part " + fault);
      }
    }
    if (name.isEmpty()) {
      faults.add("name part must be non-empty");
    } else if (name.length() > NAME_LENGTH_MAX) {
      faults.add("name part " + Names.tooLong(NAME_LENGTH_MAX));
    }
    if (!isNamePart(name)) {
      faults.add("name part " + form);
    }
    return faults;
  }

  static List<String> labelValue(String value) {
    boolean fits = value.length() <= NAME_LENGTH_MAX;
    boolean formed = value.isEmpty() || isNamePart(value);
    if (fits && formed) {
      return List.of();
    }
    List<String> faults = new ArrayList<>();
    if (!fits) {
      faults.add(Names.tooLong(NAME_LENGTH_MAX));
    }
    if (!formed) {
      faults.add(
          "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or"
              + " '.', and must start and end with an alphanumeric character "
              + Names.example(
                  "'MyValue',  or 'my_value',  or '12345'",
                  "(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?"));
    }
    return faults;
  }

  /** Keys of ConfigMaps and Secrets, which become file names. */
  static List<String> configKey(String key) {
    List<String> faults = new ArrayList<>(0);
    if (key.length() > CONFIG_KEY_LENGTH_MAX) {
      faults.add(Names.tooLong(CONFIG_KEY_LENGTH_MAX));
    }
    boolean formed = !key.isEmpty();
    for (int i = 0; i < key.length() && formed; i++) {
      char c = key.charAt(i);
      formed = Names.isLetterOrDigit(c) || c == '-' || c == '_' || c == '.';
    }
    if (!formed) {
      faults.add(
          "a valid config key must consist of alphanumeric characters, '-', '_' or '.' "
              + Names.example("'key.name',  or 'KEY_NAME',  or 'key-name'", "[-._a-zA-Z0-9]+"));
    }
    if (key.equals(".")) {
      faults.add("must not be '.'");
    } else if (key.equals("..")) {
      faults.add("must not be '..'");
    } else if (key.startsWith("..")) {
      faults.add("must not start with '..'");
    }
    return faults;
  }

  /** Names of environment variables: any printable ASCII but the equals sign. */
  static List<String> variableName(String name) {
    boolean formed = !name.isEmpty();
    for (int i = 0; i < name.length() && formed; i++) {
      char c = name.charAt(i);
      formed = c >= ' ' && c <= '~' && c != '=';
    }
    return formed
        ? List.of()
        : List.of(
            "a valid environment variable name must consist only of printable ASCII characters"
                + " other than '='");
  }

  /** IANA service names, which name ports. */
  static List<String> portName(String name) {
    List<String> faults = new ArrayList<>(0);
    if (name.length() > PORT_NAME_LENGTH_MAX) {
      faults.add(Names.tooLong(PORT_NAME_LENGTH_MAX));
    }
    boolean letter = false;
    boolean formed = true;
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      letter |= Names.isLower(c);
      formed &= Names.isLowerOrDigit(c) || c == '-';
    }
    if (!formed) {
      faults.add("must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)");
    }
    if (!letter) {
      faults.add("must contain at least one letter (a-z)");
    }
    if (name.contains("--")) {
      faults.add("must not contain consecutive hyphens");
    }
    if (name.startsWith("-") || name.endsWith("-")) {
      faults.add("must not begin or end with a hyphen");
    }
    return faults;
  }

  static List<String> portNumber(long port) {
    return port >= 1 && port <= 65535 ? List.of() : List.of(range(1, 65535));
  }

  static String range(long low, long high) {
    return "must be between " + low + " and " + high + ", inclusive";
  }

  private static boolean isNamePart(String name) {
    if (name.isEmpty()
        || !Names.isLetterOrDigit(name.charAt(0))
        || !Names.isLetterOrDigit(name.charAt(name.length() - 1))) {
      return false;
    }
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      if (!Names.isLetterOrDigit(c) && c != '-' && c != '_' && c != '.') {
        return false;
      }
    }
    return true;
  }
}
