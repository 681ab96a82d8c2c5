package dev.ensemble.agent.core.pod;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * An image's name as the OCI distribution's reference grammar has it.
 *
 * @param registry with its port, docker.io when none is named
 * @param repository the path in the registry, without tag and digest
 */
record ImageName(String registry, String repository) {
  private static final String PART = "[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*";
  private static final Pattern PATH = Pattern.compile(PART + "(?:/" + PART + ")*");
  private static final Pattern HOST =
      Pattern.compile("(?:[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?(?:\\.|(?=:|$)))+(?::[0-9]+)?");
  private static final Pattern TAG = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}");
  private static final Pattern DIGEST =
      Pattern.compile("[A-Za-z][A-Za-z0-9]*(?:[-_+.][A-Za-z][A-Za-z0-9]*)*:[0-9a-fA-F]{32,}");
  private static final Pattern BARE_ID = Pattern.compile("[a-f0-9]{64}");

  /**
   * @throws PodConfigException saying what is wrong with it
   */
  static ImageName parse(String reference) {
    if (BARE_ID.matcher(reference).matches()) {
      throw new PodConfigException(
          "invalid repository name ("
              + reference
              + "), cannot specify 64-byte hexadecimal strings");
    }
    String[] atDigest = reference.split("@", 2);
    String[] hostAndRest = split(atDigest[0]);
    String rest = hostAndRest[1];
    int colon = rest.indexOf(':', rest.lastIndexOf('/') + 1);
    String path = colon < 0 ? rest : rest.substring(0, colon);
    if (!path.equals(path.toLowerCase(Locale.ROOT))) {
      throw new PodConfigException(
          "invalid reference format: repository name (" + path + ") must be lowercase");
    }
    boolean valid =
        HOST.matcher(hostAndRest[0]).matches()
            && PATH.matcher(path).matches()
            && (colon < 0 || TAG.matcher(rest.substring(colon + 1)).matches())
            && (atDigest.length == 1 || DIGEST.matcher(atDigest[1]).matches());
    if (!valid) {
      throw new PodConfigException("invalid reference format");
    }
    return new ImageName(hostAndRest[0], path);
  }

  /** Why it is no image's name; empty when it is one. */
  static Optional<String> problem(String reference) {
    try {
      parse(reference);
      return Optional.empty();
    } catch (PodConfigException e) {
      return Optional.of(e.getMessage());
    }
  }

  /** The first part is a host when it looks like one and a path follows. */
  private static String[] split(String name) {
    String[] parts = name.split("/", 2);
    boolean host =
        parts.length == 2
            && (parts[0].contains(".")
                || parts[0].contains(":")
                || parts[0].equals("localhost")
                || !parts[0].equals(parts[0].toLowerCase(Locale.ROOT)));
    if (host) {
      return parts;
    }
    return new String[] {"docker.io", name.contains("/") ? name : "library/" + name};
  }
}
