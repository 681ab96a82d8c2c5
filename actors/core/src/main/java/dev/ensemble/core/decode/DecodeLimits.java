package dev.ensemble.core.decode;

/**
 * Bounds of a body; past them it is refused.
 *
 * @param bytesMax length of the body
 * @param depthMax nested objects and lists
 * @param yamlNodesMax values in a YAML document after its aliases are replaced
 * @param problemsMax unknown and duplicate fields reported; the rest is not looked for
 */
public record DecodeLimits(int bytesMax, int depthMax, int yamlNodesMax, int problemsMax) {

  /**
   * 3 MiB is upstream's limit of a request body; 100 its limit of reported problems. No built-in
   * type nests deeper than about 20; custom resources may go further.
   */
  public static DecodeLimits standard() {
    return new DecodeLimits(3 * 1024 * 1024, 128, 200_000, 100);
  }
}
