package dev.ensemble.core.apply;

/**
 * Who writes: the field manager of a request.
 *
 * @param name the {@code fieldManager} parameter, or what stands before the slash in the user agent
 * @param apiVersion of the request, such as {@code apps/v1}
 * @param subresource such as {@code status}; empty for the object itself
 */
public record FieldOwner(String name, String apiVersion, String subresource) {
  public FieldOwner {
    name = name.isEmpty() ? "unknown" : name;
  }

  public static FieldOwner of(String name, String apiVersion) {
    return new FieldOwner(name, apiVersion, "");
  }
}
